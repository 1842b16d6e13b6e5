import { excerpt } from '../errors.ts'
import type { SizeNode, SizePart } from './size-node.ts'

/** What a key or a global is called: what stands in a path, or is the type of an object. */
type Name = string | number | bigint | undefined

/** So many small parts of one value are told apart, by key and type; of them so many by key. */
const MAX_GROUPS = 64
const MAX_KEYS = 32

/** What small values without a key of their own are called together. */
const EACH = '[*]'

/** How many values may still be listed, in the whole tree. */
interface Room {
  left: number
}

interface Part extends SizePart {
  readonly label: string
  readonly node: SizeTree
}

/** A value while its pickle is read. What it is too small to be listed for is added up, so that the tree of any pickle is small. */
export class SizeTree implements SizeNode {
  readonly type: string
  count = 1
  bytes = 0
  own = 0
  name: Name
  /** How many items it has, for the label of the next. */
  items = 0
  #listed: Part[] | undefined
  #groups: Part[] | undefined

  constructor(type: string, own: number, name: Name) {
    this.type = type
    this.name = name
    this.bytes = this.own = own
  }

  get parts(): readonly SizePart[] {
    return [...(this.#listed ?? []), ...(this.#groups ?? [])]
  }

  /** Bytes of its own. */
  grow(own: number): void {
    this.own += own
    this.bytes += own
  }

  addItem(part: SizeTree, smallest: number, room: Room): void {
    const index = this.items++
    this.#add(part, part.bytes < smallest ? EACH : `[${index}]`, smallest, room)
  }

  /** A key is its dict's own. */
  addValue(key: SizeTree, part: SizeTree, smallest: number, room: Room): void {
    this.grow(key.bytes)
    const index = this.items++
    const { name } = key
    let label = EACH
    if (typeof name === 'string') label = /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${excerpt(name)}]`
    else if (part.bytes >= smallest) label = name === undefined ? `<value ${index}>` : `[${name}]`
    this.#add(part, label, smallest, room)
  }

  addNamed(label: string, part: SizeTree, smallest: number, room: Room): void {
    this.#add(part, label, smallest, room)
  }

  #add(part: SizeTree, label: string, smallest: number, room: Room): void {
    this.bytes += part.bytes
    if (part.bytes < smallest) {
      const group = this.#group(part, label)
      if (group !== undefined) group.#takeAll(part)
    } else if (room.left-- > 0) {
      this.#listed ??= []
      this.#listed.push({ label, node: part })
    } else this.own += part.bytes
  }

  /** The group that takes this part; none if the part makes a new one, or if there are too many, and it is added to what is its own. */
  #group(part: SizeTree, label: string): SizeTree | undefined {
    this.#groups ??= []
    const groups = this.#groups
    const { type } = part
    for (const known of groups) if (known.label === label && known.node.type === type) return known.node
    if (groups.length >= MAX_KEYS && label !== EACH) return this.#group(part, EACH)
    if (groups.length >= MAX_GROUPS) this.own += part.bytes
    else groups.push({ label, node: part })
    return undefined
  }

  /** Adds a tree up with this one, part by part. All parts of what is small are groups. */
  #takeAll(tree: SizeTree): void {
    const pairs: [SizeTree, SizeTree][] = [[this, tree]]
    for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
      const [to, from] = pair
      to.count += from.count
      to.bytes += from.bytes
      to.own += from.own
      for (const { label, node } of from.#groups ?? []) {
        const group = to.#group(node, label)
        if (group !== undefined) pairs.push([group, node])
      }
    }
  }
}
