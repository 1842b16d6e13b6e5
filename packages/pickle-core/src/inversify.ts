/**
 * Composition in an inversify container: `container.load(pickleModule, ...)`, then `container.get(Pickle)`. docs/compose.md in the
 * repository tells the whole of it. inversify 8 and reflect-metadata are optional peers: this entry alone needs them.
 *
 * @module
 */
export { pickleModule } from './inversify/pickle-module.ts'
export { pluginFactory } from './inversify/plugin-factory.ts'
export { Pickle, PickleOptions, PicklePlugin } from './inversify/tokens.ts'
