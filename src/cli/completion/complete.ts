import type { Argument, Command, Option } from 'commander'

/** A word that could stand where the cursor is. */
export interface Candidate {
  readonly word: string
  readonly description?: string | undefined
}

/** What completion can't know from the commands alone. */
export interface Sources {
  /** The names of what exists, by what the words are called in usage lines: `network`, `sandbox`, `link`, `namespace`. */
  names(kind: string, state: string | undefined): Promise<readonly string[]>
}

/** What stands in the place of candidates where the shell completes names of files by itself. */
export const directories: Candidate = { word: ':directories' }
export const files: Candidate = { word: ':files' }

/** How far the words before the cursor lead. */
interface Position {
  readonly command: Command
  readonly operands: readonly string[]
  /** The option whose value comes next. */
  readonly option?: Option | undefined
  /** Everything from here on belongs to another program. */
  readonly passed: boolean
  readonly state: string | undefined
}

/** The words that could stand in the place of the last one of `words`, which may be empty or begun. */
export async function complete(
  program: Command,
  words: readonly string[],
  sources: Sources
): Promise<Candidate[]> {
  const begun = words.at(-1) ?? ''
  const position = locate(program, words.slice(0, -1))
  const candidates = await candidatesAt(position, begun, sources)
  return candidates.filter(({ word }) => word.startsWith(begun) || word.startsWith(':'))
}

function locate(program: Command, words: readonly string[]): Position {
  let command = program
  let operands: string[] = []
  let option: Option | undefined
  let ended = false
  let state: string | undefined
  for (const word of words) {
    if (option !== undefined) {
      if (option.name() === 'state') state = word
      option = undefined
    } else if (!ended && word === '--') ended = true
    else if (!ended && word.startsWith('-')) {
      const found = findOption(command, word)
      if (found !== undefined && takesValue(found) && !word.includes('=')) option = found
    } else {
      const below = operands.length === 0 ? findCommand(command, word) : undefined
      if (below !== undefined) command = below
      else {
        command = operands.length === 0 ? (defaultOf(command) ?? command) : command
        operands = [...operands, word]
        // What follows the program that is to be run is its own.
        if (isExec(command) && operands.length > 1) ended = true
      }
    }
  }
  return { command, operands, option, passed: isExec(command) && operands.length > 0 && ended, state }
}

async function candidatesAt(position: Position, begun: string, sources: Sources): Promise<Candidate[]> {
  const { command, operands, option, passed } = position
  if (option !== undefined) return values(option, position, sources)
  if (passed) return [files]
  if (begun.startsWith('-')) return [command, defaultOf(command)].flatMap(optionsOf)
  const commands = operands.length === 0 ? commandsOf(command) : []
  const target = operands.length === 0 ? (defaultOf(command) ?? command) : command
  const argument = argumentAt(target, operands.length)
  return [...commands, ...(argument === undefined ? [] : await values(argument, position, sources))]
}

/** The values of an option or argument: those that it allows, or the names of what is called as it is. */
async function values(of: Option | Argument, { state }: Position, sources: Sources): Promise<Candidate[]> {
  if (of.argChoices !== undefined) return of.argChoices.map((word) => ({ word }))
  const kind = kindOf(of)
  if (kind === 'directory') return [directories]
  if (kind === 'command' || kind === 'args') return [files]
  return (await sources.names(kind, state)).map((word) => ({ word }))
}

/** What stands in the angle brackets of `--network <network>`, or the name of an argument. */
function kindOf(of: Option | Argument): string {
  return 'flags' in of ? (/[<[]([^\]>]+)/.exec(of.flags)?.[1] ?? '') : of.name()
}

function findOption(command: Command, word: string): Option | undefined {
  const name = word.replace(/=.*/, '')
  const known = [command, defaultOf(command)].flatMap((one) => one?.options ?? [])
  return known.find(({ short, long }) => short === name || long === name)
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional
}

function findCommand(command: Command, word: string): Command | undefined {
  return command.commands.find((below) => below.name() === word || below.aliases().includes(word))
}

/** The command that is meant when none is said: a group of one has it so, such as `link`. */
function defaultOf(command: Command): Command | undefined {
  return command.commands.length === 1 ? command.commands[0] : undefined
}

function isExec(command: Command): boolean {
  return command.name() === 'exec'
}

function commandsOf(command: Command): Candidate[] {
  const commands = command.createHelp().visibleCommands(command)
  return commands.map((below) => ({
    word: below.name(),
    description: below.summary() || below.description()
  }))
}

function optionsOf(command: Command | undefined): Candidate[] {
  if (command === undefined) return []
  const options = command.createHelp().visibleOptions(command)
  return options.map(({ long, short, flags, description }) => ({ word: long ?? short ?? flags, description }))
}

function argumentAt(command: Command, index: number): Argument | undefined {
  const { registeredArguments } = command
  const last = registeredArguments.at(-1)
  return registeredArguments[index] ?? (last?.variadic === true ? last : undefined)
}
