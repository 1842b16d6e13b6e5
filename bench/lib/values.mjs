// From the neutral twin (see make_data.py) to the values of one subject.

/**
 * How a subject represents what JSON lacks. A missing function means that it cannot.
 * @typedef {object} Kit
 * @property {(items: unknown[]) => unknown} [tuple]
 * @property {(items: unknown[]) => unknown} [set]
 * @property {(entries: [unknown, unknown][]) => unknown} [map]
 * @property {(bytes: Uint8Array) => unknown} [bytes]
 * @property {(bytes: Uint8Array) => unknown} [buffer]
 * @property {(attributes: object) => unknown} [node]
 */

/** n bytes that count 0, 1, .. 255, 0, .. */
export function counting(n) {
  const out = new Uint8Array(n)
  const first = Math.min(n, 256)
  for (let i = 0; i < first; i++) out[i] = i
  for (let have = first; have < n; have *= 2) out.copyWithin(have, 0, Math.min(have, n - have))
  return out
}

/**
 * Builds the value. Objects stay those that JSON.parse made, so they keep its hidden classes
 * (an object of 34 keys that is filled key by key would be a slow dictionary in V8).
 * @param {string} text
 * @param {Kit} kit
 */
export function build(text, kit) {
  const value = JSON.parse(text)
  return text.includes('{"$') ? untag(value, kit) : value
}

function untag(node, kit) {
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) {
    for (let i = 0; i < node.length; i++) node[i] = untag(node[i], kit)
    return node
  }
  const keys = Object.keys(node)
  const tag = keys[0]
  if (keys.length === 1 && tag.startsWith('$')) return special(tag.slice(1), node[tag], kit)
  for (const key of keys) node[key] = untag(node[key], kit)
  return node
}

function special(tag, content, kit) {
  const make = kit[tag]
  if (make === undefined) throw new Unsupported(tag)
  return make(typeof content === 'number' ? counting(content) : untag(content, kit))
}

/** Thrown when a subject has no form for a value. The table then shows a dash. */
export class Unsupported extends Error {}
