import { Registry } from './registry.ts'

/** The registry of the codec alone: its own shims and no plugin. */
export const CORE_REGISTRY: Registry = /* @__PURE__ */ new Registry([])
