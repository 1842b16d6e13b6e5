import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const compiler = path.join(root, '../../node_modules/typescript/bin/tsc')

/** Builds the package beside the sources, and packs it into a folder as `npm publish` would. Returns the tarball. */
export function packPackage(folder: string): string {
  const staged = path.join(folder, 'staged')
  mkdirSync(folder, { recursive: true })
  cpSync(root, staged, { recursive: true, filter: (file) => !/[\\/](node_modules|dist|test)$/.test(file) })
  const build = ['-p', path.join(root, 'tsconfig.json'), '--outDir', path.join(staged, 'dist')]
  execFileSync(process.execPath, [compiler, ...build, '--tsBuildInfoFile', path.join(folder, 'build.tsbuildinfo')])
  const npm = { cwd: folder, shell: process.platform === 'win32', encoding: 'utf8' } as const
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', './staged'], npm)
  const [{ filename }] = JSON.parse(packed) as [{ readonly filename: string }]
  rmSync(staged, { recursive: true })
  return path.join(folder, filename)
}
