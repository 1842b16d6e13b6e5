import { coreTables, LookUp } from './look-up.ts'

/** The registry of the codec alone: its own shims and no plugin. */
export const CORE_REGISTRY: LookUp = /* @__PURE__ */ new LookUp(/* @__PURE__ */ coreTables())
