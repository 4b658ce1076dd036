/** Number of frames that are kept. The guest decides how many there are. */
const MAX_FRAMES = 32;
/** Frames as QuickJS and V8 write them, and as SpiderMonkey does. */
const FRAME = /^\s*at (\S.*)$|^([^@]*)@(\S+:\d+:\d+)$/;

/** A message of a guest, and the stack that followed it. */
export interface GuestMessage {
	readonly message: string;
	/** Frames, one a line, each as `    at f (src/agent.ts:12:7)`. Empty if the guest sent none. */
	readonly stack: string;
}

/** Splits an error message of a guest from the stack at its end. The frames of all engines get one form. */
export function splitStack(text: string): GuestMessage {
	const lines = text.trimEnd().split("\n");
	const frames: string[] = [];
	for (let line = lines.at(-1); lines.length > 1 && line !== undefined; line = lines.at(-1)) {
		const found = FRAME.exec(line);
		if (found === null) break;
		const [, v8, name, place] = found;
		frames.push(`    at ${v8 ?? (name === "" ? place : `${name} (${place})`)}`);
		lines.pop();
	}
	return frames.length === 0
		? { message: text, stack: "" }
		: { message: lines.join("\n"), stack: authored(frames.reverse()).slice(0, MAX_FRAMES).join("\n") };
}

/** A frame of the script of a QuickJS guest whose source is unknown, and a frame with a source. */
const SCRIPT = "(componentize-qjs:user.js:";
const SOURCE = /\.[cm]?[jt]sx?:\d+:\d+\)$/;

/** Returns the frames without those of functions that the bundler added. A stack without sources stays. */
function authored(frames: readonly string[]): readonly string[] {
	const isAdded = (frame: string): boolean => frame.includes(SCRIPT);
	return frames.some((frame) => SOURCE.test(frame) && !isAdded(frame)) ? frames.filter((frame) => !isAdded(frame)) : frames;
}

/** Length of a QuickJS exception's stack that is read. */
const MAX_STACK = 16 * 1024;
const EXCEPTION = 'stack: Some("';

/**
 * Returns the stack of an exception that a QuickJS guest did not catch, one frame a line. Empty if standard error shows none. The engine
 * prints the exception when it panics: `Exception { message: Some("no luck"), stack: Some("    at f (src/agent.ts:12:7)\\n") }`.
 */
export function uncaughtStack(stderr: string): string {
	const start = stderr.lastIndexOf(EXCEPTION);
	if (start < 0) return "";
	const from = start + EXCEPTION.length;
	const quoted = /^(?:[^"\\]|\\.)*/.exec(stderr.slice(from, from + MAX_STACK))?.[0] ?? "";
	return splitStack(`\n${quoted.replaceAll("\\n", "\n").replaceAll('\\"', '"').replaceAll("\\\\", "\\")}`).stack;
}
