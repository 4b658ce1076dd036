/** Reads the state to compare with: a directory, a WIT file, a lock, or a commit of the git repository that holds the WIT. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { CodegenFailure } from "../failure.ts";
import { interrupted, throwIfInterrupted } from "../interruption.ts";
import type { Model } from "../model/model.ts";
import { type ReadOptions, readWit } from "../wit/read.ts";
import { isErrno, statOf } from "../write/disk.ts";
import { MAX_LOCK_BYTES } from "./lock-format.ts";

/** Bounds of what is read out of a commit. The largest published packages have 100 files and 1 MiB. */
const MAX_FILES = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

export interface AgainstOptions extends ReadOptions {
	/** Aborted to end the reading of a commit, which leaves no files behind. */
	readonly signal?: AbortSignal;
}

/** Makes surfaces of one kind of package. */
export interface StateReader<S> {
	/** The surface is absent if the model has faults. */
	ofModel(model: Model): { readonly surface?: S; readonly diagnostics: readonly Diagnostic[] };
	/** Returns undefined for a text that is no lock of this kind. */
	ofLock(text: string): S | undefined;
}

/**
 * Reads the surface to compare with.
 *
 * @param against a lock (`.json`), a directory of WIT, a WIT file, or else a commit: anything that `git rev-parse` knows
 * @param witDir directory of the WIT of today, which a commit is read at
 * @throws CodegenFailure with exit code 2 when there is no such state, or its WIT has faults; with 130 after the signal
 */
export async function readSurfaceAt<S>(against: string, witDir: string, reader: StateReader<S>, options: AgainstOptions = {}): Promise<S> {
	if (!against.endsWith(".json") || statOf(against)?.isFile() !== true) {
		const { surface, diagnostics } = reader.ofModel(await readModelAt(against, witDir, options));
		if (surface === undefined) throw unreadable(against, diagnostics);
		return surface;
	}
	const text = (await stat(against)).size > MAX_LOCK_BYTES ? "" : await readFile(against, "utf8");
	const surface = reader.ofLock(text);
	if (surface === undefined) throw new CodegenFailure(`${against} is not a lock that this codegen can read`, { exitCode: 2 });
	return surface;
}

/**
 * Reads the model of a directory, of a WIT file or of a commit.
 *
 * @param against a path that exists, or else a commit
 * @param witDir directory of the WIT of today, which a commit is read at
 * @throws CodegenFailure with exit code 2 when there is no such state, or its WIT has faults; with 130 after the signal
 */
export async function readModelAt(against: string, witDir: string, options: AgainstOptions = {}): Promise<Model> {
	if (statOf(against) !== undefined) return readSound(against, against, options);
	const checkout = await mkdtemp(path.join(tmpdir(), "spear-codegen-"));
	try {
		await checkOut(new Git(against, witDir, options.signal), checkout);
		return await readSound(checkout, against, options);
	} finally {
		await rm(checkout, { recursive: true, force: true });
	}
}

async function readSound(directory: string, label: string, options: ReadOptions): Promise<Model> {
	const { model, diagnostics } = await readWit(directory, options).catch((cause: unknown) => {
		if (!(cause instanceof Error && "syscall" in cause)) throw cause;
		throw new CodegenFailure(`the WIT of ${label} cannot be read: ${cause.message}`, { cause, exitCode: 2 });
	});
	if (model !== undefined) return model;
	throw unreadable(label, diagnostics);
}

function unreadable(label: string, diagnostics: readonly Diagnostic[]): CodegenFailure {
	const [first] = diagnostics.filter(({ severity }) => severity === "error");
	const place = first === undefined ? "" : `: ${first.span.file}:${first.span.line}:${first.span.column}: ${first.message}`;
	return new CodegenFailure(`the WIT of ${label} cannot be read${place}`, { exitCode: 2 });
}

/** Writes the WIT files of a commit below a directory: those of the package itself, and all in `deps/`. */
async function checkOut(git: Git, target: string): Promise<void> {
	const { ref } = git;
	const prefix = (await git.text("rev-parse", "--show-prefix")).trimEnd();
	const commit = (await git.text("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`)).trim();
	const listing = await git.text("ls-tree", "-r", "-z", "-l", "--full-tree", commit, ...(prefix === "" ? [] : [prefix]));
	const files = listing.split("\0").flatMap((entry) => fileOf(entry, prefix));
	const bytes = files.reduce((sum, { size }) => sum + size, 0);
	if (files.length > MAX_FILES || bytes > MAX_BYTES) {
		const limit = `${MAX_FILES} files or ${MAX_BYTES / 1024 / 1024} MiB`;
		throw new CodegenFailure(`the WIT of ${ref} has more than ${limit}`, { exitCode: 2 });
	}
	if (files.length === 0) throw new CodegenFailure(`there is no WIT in \`${prefix === "" ? "." : prefix}\` at ${ref}`, { exitCode: 2 });
	const contents = contentsOf(await git.run(["cat-file", "--batch"], `${files.map(({ id }) => id).join("\n")}\n`));
	for (const [index, { relative }] of files.entries()) {
		const file = path.join(target, ...relative.split("/"));
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, contents[index] ?? "");
	}
}

interface StoredFile {
	readonly id: string;
	readonly size: number;
	/** Below the WIT directory. */
	readonly relative: string;
}

/** A regular WIT file that the reader would read; links and all other entries are left out. */
function fileOf(entry: string, prefix: string): StoredFile[] {
	const [, id = "", size = "", name = ""] = /^100\d{3} blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(entry) ?? [];
	if (!name.startsWith(prefix) || !name.endsWith(".wit")) return [];
	const relative = name.slice(prefix.length);
	const segments = relative.split("/");
	const isRead = segments.length === 1 || (segments[0] === "deps" && segments.length <= 3);
	return isRead && !segments.includes("..") ? [{ id, size: Number(size), relative }] : [];
}

/** Splits the answer of `git cat-file --batch`: a line with the size, the content, a line feed. */
function contentsOf(answer: Buffer): Buffer[] {
	const contents: Buffer[] = [];
	for (let at = 0; at < answer.length; ) {
		const end = answer.indexOf("\n", at);
		const size = Number(answer.toString("utf8", at, end).split(" ")[2]);
		if (end < 0 || !Number.isInteger(size)) break;
		contents.push(answer.subarray(end + 1, end + 1 + size));
		at = end + 1 + size + 1;
	}
	return contents;
}

/** The repository that holds a directory, for one commit. */
class Git {
	readonly ref: string;
	readonly #directory: string;
	readonly #signal: AbortSignal | undefined;

	constructor(ref: string, directory: string, signal: AbortSignal | undefined) {
		this.ref = ref;
		this.#directory = directory;
		this.#signal = signal;
	}

	async text(...args: string[]): Promise<string> {
		return (await this.run(args)).toString("utf8");
	}

	/** Output of git, of no more bytes than the files and their list may have. */
	async run(args: readonly string[], input = ""): Promise<Buffer> {
		const signal = this.#signal === undefined ? {} : { signal: this.#signal };
		const child = spawn("git", ["-C", this.#directory, ...args], { stdio: ["pipe", "pipe", "pipe"], ...signal });
		const output: Buffer[] = [];
		const complaints: Buffer[] = [];
		let bytes = 0;
		child.stdout.on("data", (chunk: Buffer) => {
			bytes += chunk.length;
			if (bytes > 2 * MAX_BYTES) child.kill();
			else output.push(chunk);
		});
		child.stderr.on("data", (chunk: Buffer) => {
			if (complaints.length < 8) complaints.push(chunk);
		});
		// A git that ends early does not read its input.
		child.stdin.on("error", () => {});
		child.stdin.end(input);
		const ended = Promise.withResolvers<number | null>();
		child.on("error", ended.reject);
		child.on("close", ended.resolve);
		const code = await ended.promise.catch((cause: unknown) => this.#failed(cause));
		// Ctrl-C in a terminal ends git too.
		await throwIfInterrupted(this.#signal);
		if (code === 0) return Buffer.concat(output);
		const reason = Buffer.concat(complaints).toString("utf8").trim().split("\n")[0] ?? "";
		throw new CodegenFailure(`${this.ref} is no path and no commit that git can read${reason === "" ? "" : `: ${reason}`}`, {
			exitCode: 2,
		});
	}

	#failed(cause: unknown): never {
		if (this.#signal?.aborted) throw interrupted();
		if (!isErrno(cause, "ENOENT")) throw cause;
		throw new CodegenFailure(`${this.ref} is no path, and git is not installed to look for a commit`, { cause, exitCode: 2 });
	}
}
