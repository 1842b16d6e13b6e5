/**
 * Plain objects with room for eight keys inside them. V8 gives `{}` room for four; what comes then goes into a second object, which is
 * made anew at the fifth key and again at the eighth. For five to eleven keys one with room is smaller and made faster (records: 3 %
 * faster, a tenth less kept), whatever its keys are. A copy of a template would do as well, but is slow once there were many shapes.
 */
type Make = new (fill: boolean) => Record<string, unknown>

function Roomy(this: Record<string, unknown>, fill: boolean): void {
  if (!fill) return
  this['a'] = this['b'] = this['c'] = this['d'] = this['e'] = this['f'] = this['g'] = this['h'] = 0
}

/** A constructor of plain objects: their prototype is Object.prototype itself. */
export const RoomyObject: Make = /* @__PURE__ */ (() => {
  Roomy.prototype = Object.prototype
  const make = Roomy as unknown as Make
  // V8 takes back the room that the first eight of them did not use.
  for (let i = 0; i < 16; i++) new make(true)
  return make
})()
