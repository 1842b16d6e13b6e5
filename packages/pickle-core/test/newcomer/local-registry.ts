/** An npm registry on this machine, that has what it is given and nothing else. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, object>>
}

export interface PublishedPackage {
  readonly manifest: Manifest
  readonly tarball: Buffer
}

export interface LocalRegistry {
  readonly url: string
  /** The paths that were asked for, and that it does not have. */
  readonly refused: readonly string[]
  close(): void
}

/** Starts the registry. */
export async function startRegistry(packages: readonly PublishedPackage[]): Promise<LocalRegistry> {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]))
  const refused: string[] = []
  const server = createServer((request, response) => {
    const [, name = '', isTarball] = /^\/(.*?)(\/-\/tarball\.tgz)?$/.exec(decodeURIComponent(request.url ?? '')) ?? []
    const found = byName.get(name)
    if (found === undefined) {
      refused.push(request.url ?? '')
      response.writeHead(404).end('{}')
    } else if (isTarball !== undefined) response.end(found.tarball)
    else response.end(JSON.stringify(documentOf(found, url)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, refused, close: () => void server.close().closeAllConnections() }
}

/** What a registry says of a package with one version. */
function documentOf({ manifest, tarball }: PublishedPackage, url: string): object {
  const { name, version } = manifest
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const dist = { tarball: `${url}/${name}/-/tarball.tgz`, integrity }
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }
}

/** The package in a tarball. */
export function publishedTarball(file: string): PublishedPackage {
  const tarball = readFileSync(file)
  const manifest = execFileSync('tar', ['-xzOf', path.basename(file), 'package/package.json'], {
    cwd: path.dirname(file),
    encoding: 'utf8',
  })
  return { manifest: JSON.parse(manifest) as Manifest, tarball }
}

/** A package as it is installed here, with those of its optional dependencies that are. */
export function publishedInstalled(name: string, from: string): readonly PublishedPackage[] {
  const file = createRequire(from).resolve(`${name}/package.json`)
  const { optionalDependencies = {}, ...manifest } = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  const require = createRequire(file)
  const isHere = (part: string): boolean => {
    try {
      return require.resolve(`${part}/package.json`) !== ''
    } catch {
      return false
    }
  }
  const parts = Object.keys(optionalDependencies)
    .filter(isHere)
    .flatMap((part) => publishedInstalled(part, file))
  const folder = path.dirname(file)
  // Not compressed: it does not travel.
  const tarball = execFileSync('tar', ['-cf', '-', '-C', path.dirname(folder), path.basename(folder)], {
    maxBuffer: 2 ** 28,
  })
  const here = Object.fromEntries(parts.map((part) => [part.manifest.name, part.manifest.version]))
  return [{ manifest: { ...manifest, optionalDependencies: here }, tarball }, ...parts]
}
