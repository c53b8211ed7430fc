/**
 * Imports inside src/ point one way, and form no ring. A layer may import itself and the layers above it in
 * this list; those on one line don't know each other. Nothing imports index.ts. Files of src/ itself that
 * aren't named here stand between the objects and what is built on them, such as network-stack.ts.
 */
import { readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import ts from 'typescript'
import { root } from './run.js'

const layers = [
  ['error-codes', 'binding'],
  ['codec'],
  ['netlink'],
  ['namespace'],
  ['rtnetlink', 'generic', 'netfilter'],
  ['stack'],
  ['container', 'topology'],
  ['index'],
  ['cli']
]

const src = join(root, 'src')
const files = ts.sys.readDirectory(src, ['.ts'])
/** @type {Map<string, string[]>} Imports that exist when the program runs, by file. */
const graph = new Map()
/** @type {string[]} */
const problems = []

for (const file of files) {
  const from = name(file)
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  /** @type {string[]} */
  const targets = []
  for (const { path, typeOnly } of imports(source)) {
    const to = relative(src, join(dirname(file), path)).replace(/\.js$/, '.ts')
    checkDirection(from, to)
    if (!typeOnly) targets.push(to)
  }
  graph.set(from, targets)
}
findRings()

for (const problem of new Set(problems)) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1

/** A file's path below src/. @param {string} file */
function name(file) {
  return relative(src, file).split(sep).join('/')
}

/** @param {string} file */
function layerOf(file) {
  const name = /** @type {string} */ (file.split('/')[0]).replace(/\.ts$/, '')
  const part = file.includes('/') || layers.some((layer) => layer.includes(name)) ? name : 'stack'
  const index = layers.findIndex((layer) => layer.includes(part))
  if (index === -1) problems.push(`src/${file}: give ${part} a place in scripts/check-imports.js`)
  return { part, index }
}

/** @param {string} from @param {string} to */
function checkDirection(from, to) {
  const a = layerOf(from)
  const b = layerOf(to)
  if (a.index === -1 || b.index === -1 || a.part === b.part) return
  const allowed = b.index < a.index || (a.index === 0 && b.index === 0)
  if (!allowed || (b.part === 'index' && a.part !== 'cli')) {
    problems.push(`src/${from} imports src/${to}: ${a.part} may not know ${b.part}`)
  }
}

/** The relative imports and re-exports of a file. @param {ts.SourceFile} source */
function imports(source) {
  /** @type {{ path: string, typeOnly: boolean }[]} */
  const found = []
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue
    const specifier = statement.moduleSpecifier
    if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) continue
    found.push({ path: specifier.text, typeOnly: isTypeOnly(statement) })
  }
  return found
}

/** @param {ts.ImportDeclaration | ts.ExportDeclaration} statement */
function isTypeOnly(statement) {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly
  const clause = statement.importClause
  if (clause === undefined) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const named = clause.namedBindings
  return (
    clause.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every((element) => element.isTypeOnly)
  )
}

function findRings() {
  /** @type {Set<string>} */
  const done = new Set()
  /** @type {string[]} */
  const path = []
  /** @param {string} file */
  const visit = (file) => {
    const start = path.indexOf(file)
    if (start !== -1) {
      problems.push(`A ring of imports: ${[...path.slice(start), file].join(' → ')}`)
      return
    }
    if (done.has(file)) return
    path.push(file)
    for (const target of graph.get(file) ?? []) visit(target)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
}
