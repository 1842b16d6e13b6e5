"""Writes packages/pickle-core/src/inspect/opcode-info.ts from the `pickletools` of the Python that runs it (3.8 or newer).

    npm run opcode-info

What an opcode does to the stack, and the line that `pickletools.dis` prints for it with `annotate`.
"""
import json
import pathlib
import pickletools

HEADER = '''/**
 * What each opcode does to the stack, and the sentence that `pickletools.dis` annotates it with.
 * Written by scripts/generate-opcode-info.py from CPython's Lib/pickletools.py; do not edit.
 */

/** The effect of one opcode on the unpickling stack. */
export interface OpcodeInfo {
  /** How many values it takes: those below the mark, where it takes what lies above one. */
  readonly takes: number
  /** Whether it takes everything above the topmost MARK, and the MARK. */
  readonly takesMark: boolean
  /** How many values it leaves. */
  readonly leaves: number
  /** The first line of its description. */
  readonly doc: string
}

// Name: takes, takesMark, leaves, doc.
const ROWS: Readonly<Record<string, readonly [number, 0 | 1, number, string]>> = {
'''

FOOTER = '''}

/** By name of the opcode. */
export const OPCODE_INFO: ReadonlyMap<string, OpcodeInfo> = /* @__PURE__ */ new Map(
  Object.entries(ROWS).map(([name, [takes, takesMark, leaves, doc]]) => {
    return [name, { takes, takesMark: takesMark === 1, leaves, doc }] as const
  }),
)
'''


def row(opcode):
    before, mark = opcode.stack_before, pickletools.markobject
    takes = before.index(mark) if mark in before else len(before)
    doc = json.dumps(opcode.doc.split('\n', 1)[0], ensure_ascii=False)
    if "'" not in doc and '\\' not in doc:
        doc = "'%s'" % doc[1:-1]
    return '  %s: [%d, %d, %d, %s],\n' % (opcode.name, takes, mark in before, len(opcode.stack_after), doc)


target = pathlib.Path(__file__).parent.parent / 'packages/pickle-core/src/inspect/opcode-info.ts'
target.write_text(HEADER + ''.join(map(row, pickletools.opcodes)) + FOOTER, encoding='utf-8')
