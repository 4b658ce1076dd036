import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { fileFault } from "../../errors/file-fault.ts";
import { isAbsent } from "../../errors/is-absent.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { wavLengthFixes } from "../../formats/wav-lengths.ts";

/** First bytes that are kept to correct the lengths of a WAV file. */
const HEAD_BYTES = 4096;

/** Events of a stream after which it accepts bytes, or never will. */
const SETTLING = ["drain", "close", "error"] as const;

/** The place that audio is written to while it arrives. */
export interface AudioOutput {
	/** Resolves when the next bytes may follow. */
	write(bytes: Uint8Array): Promise<void>;
	/** Completes the output. Returns its length in bytes. */
	finish(): Promise<number>;
	/** Removes what was written of a file. Has no effect after `finish`. */
	discard(): Promise<void>;
}

/**
 * Opens the output. A file appears under its name when it is complete, and replaces a file of that name. A device or a pipe is written to
 * directly.
 *
 * @param path Path of the file, or `-` for standard output.
 * @param replace False to refuse a name that is taken.
 * @throws SpearError `invalid_request` for a place that cannot be written to.
 */
export async function openAudioOutput(path: string, { replace }: { readonly replace: boolean }): Promise<AudioOutput> {
	if (path === "-") return standardOutput();
	try {
		const target = await realpath(path).catch(() => path);
		const present = await stat(target).catch(() => undefined);
		if (present?.isDirectory()) throw notWritten(path, "it is a directory; name a file in it");
		if (present !== undefined && !replace) throw notWritten(path, `it is there already; to replace it, say -o ${path}`);
		if (present !== undefined && !present.isFile()) return openFile(await open(target, "w"), path, undefined);
		// Beside the file: a rename cannot cross file systems.
		const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.part`);
		return openFile(await open(temporary, "wx"), path, { temporary, target });
	} catch (cause) {
		throw failure(path, cause);
	}
}

function standardOutput(): AudioOutput {
	const { stdout } = process;
	let size = 0;
	return {
		async write(bytes) {
			size += bytes.byteLength;
			if (stdout.write(bytes)) return;
			// A reader that closes the pipe is no failure: see `handleOutputFaults`.
			await new Promise<void>((resolve) => {
				const settle = (): void => {
					for (const name of SETTLING) stdout.off(name, settle);
					resolve();
				};
				for (const name of SETTLING) stdout.on(name, settle);
			});
		},
		finish: async () => size,
		discard: async () => {},
	};
}

/** @param names The temporary and the final path. Absent for a device, which is neither corrected nor renamed. */
function openFile(file: FileHandle, path: string, names: { readonly temporary: string; readonly target: string } | undefined): AudioOutput {
	let head = new Uint8Array(0);
	let size = 0;
	let isOpen = true;
	// The second Ctrl-C ends the process at once.
	const onExit = (): void => {
		if (names !== undefined) rmSync(names.temporary, { force: true });
	};
	process.once("exit", onExit);
	const close = async (): Promise<void> => {
		if (!isOpen) return;
		isOpen = false;
		await file.close();
	};
	return {
		async write(bytes) {
			if (head.byteLength < HEAD_BYTES) head = new Uint8Array(Buffer.concat([head, bytes.subarray(0, HEAD_BYTES - head.byteLength)]));
			size += bytes.byteLength;
			await file.writeFile(bytes).catch((cause: unknown) => {
				throw failure(path, cause);
			});
		},
		async finish() {
			try {
				if (names !== undefined)
					for (const { offset, bytes } of wavLengthFixes(head, size)) await file.write(bytes, 0, bytes.length, offset);
				await close();
				if (names !== undefined) await rename(names.temporary, names.target);
			} catch (cause) {
				throw failure(path, cause);
			}
			process.off("exit", onExit);
			return size;
		},
		async discard() {
			await close().catch(() => {});
			process.off("exit", onExit);
			if (names !== undefined) await rm(names.temporary, { force: true });
		},
	};
}

function failure(path: string, cause: unknown): SpearError {
	if (cause instanceof SpearError) return cause;
	// Some file systems, such as that of /proc, say so of a new file in a folder that is there.
	const isMissing = isAbsent(cause) && !existsSync(dirname(path));
	return notWritten(path, isMissing ? `the folder ${dirname(path)} does not exist; create it first` : fileFault(cause), cause);
}

function notWritten(path: string, reason: string, cause?: unknown): SpearError {
	return new SpearError("invalid_request", `${path} cannot be written: ${reason}`, { cause });
}
