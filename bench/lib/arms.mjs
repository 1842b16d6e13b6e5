// The arms of `npm run pairs`: codecs that differ in what is registered. No value of any row belongs to what they add.
import { importCore, kitOf, Node } from '../subjects/ours.mjs'
import { pickleOf } from './data.mjs'
import { treePlugin, unusedPlugins, viewsPlugin } from './plugins.mjs'

const BOTH = ['dumps', 'loads']

/**
 * What every other arm is divided by. Row `tree` needs its own plugin, and has it in all arms.
 * `again` is the base once more: how far it is from 1 is the noise of the machine. `hook` is a control: a hook that is asked
 * for each value, and says no. It costs something, so a run that does not show it shows nothing.
 */
export const BASE = { id: 'base', about: 'no plugin registered', ops: BOTH }

export const ARMS = [
  { id: 'again', about: 'no plugin registered, once more: the noise', ops: BOTH },
  { id: 'plugins', about: '20 plugins registered, none used', ops: BOTH },
  { id: 'views', about: 'views possible, none used', ops: BOTH },
  { id: 'callback', about: 'views possible, none used, and a bufferCallback given', ops: ['dumps'] },
  { id: 'hook', about: 'control, which must fail: a persistentId that is always null', ops: ['dumps'] },
]

/** What is measured unless --arms names others. */
const USUAL = ['again', 'plugins', 'views', 'callback']

/** @param {string | undefined} list comma separated ids */
export function selectArms(list) {
  return (list?.split(',') ?? USUAL).map((id) => {
    const found = ARMS.find((arm) => arm.id === id)
    if (found === undefined) throw new Error(`no arm '${id}'. Arms: ${ARMS.map((arm) => arm.id).join(' ')}`)
    return found
  })
}

/**
 * The codec of one arm.
 * @param {string} id
 * @param {import('../rows.mjs').Row} row
 */
export async function openArm(id, row) {
  const core = await importCore()
  const own = row.data === 'tree' ? [treePlugin(core, Node)] : []
  const views = viewsPlugin(core)
  const hasViews = id === 'views' || id === 'callback'
  const others = id === 'plugins' ? unusedPlugins(core, 20) : hasViews ? [views.plugin] : []
  const { dumps, loads } = core.createPickle({ plugins: [...others, ...own] })
  const buffers = []
  // One object for all calls: what is measured is the codec, not the making of options.
  const options = { protocol: 5 }
  if (id === 'callback') options.bufferCallback = buffers
  if (id === 'hook') options.persistentId = () => null
  const dump = (value) => dumps(value, options)
  const load = (bytes) => loads(bytes)
  return {
    kit: kitOf(core),
    dump,
    load,
    /** Runs after the clock. Throws unless this arm wrote and read what CPython does, and is what it says. */
    check(value) {
      const expected = pickleOf(row.data)
      for (const given of [value, load(expected)]) {
        if (Buffer.compare(dump(given), expected) !== 0) throw new Error(`${id} writes other bytes than CPython`)
      }
      if (buffers.length > 0) throw new Error(`${id} has a buffer in its value`)
      if (hasViews) checkViews(dumps, loads, views.make())
    },
  }
}

/** With a value of its own, the plugin does send memory out of band. */
function checkViews(dumps, loads, signal) {
  const buffers = []
  const twin = loads(dumps(signal, { bufferCallback: buffers }), { buffers })
  if (buffers.length !== 1 || twin.samples.buffer !== signal.samples.buffer) throw new Error('no view was possible')
}
