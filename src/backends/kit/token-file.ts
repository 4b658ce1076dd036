import { open, stat } from "node:fs/promises";
import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** Largest file, in bytes. Tokens with many claims have some thousand. */
const MAX_BYTES = 64 * 1024;

/** Contents that are no token. The words never repeat the content. */
const FAULTS: readonly (readonly [pattern: RegExp, fault: string])[] = [
	[/^bearer\s/i, "it begins with the word Bearer, which the host adds; write the token alone"],
	[/^[{[]/, "it holds JSON; write the token alone"],
	[/[^\r\n\t\x20-\x7e]/, "it holds characters that no header can carry"],
	[/[\r\n]/, "it has several lines, and a token has one"],
	[/[^\x21-\x7e]/, "it holds characters that no header can carry"],
];

/**
 * A token in a file that another program renews. Each request uses the token that the file holds at that time. No message holds any of the
 * content.
 */
export class TokenFile {
	readonly #path: string;
	readonly #option: string;
	/** State of the file that the token was read from. */
	#state: string | undefined;
	#token = "";

	/** @param option Name of the option that holds the path, for errors. */
	constructor(path: string, option: string) {
		this.#path = path;
		this.#option = option;
	}

	/**
	 * Returns the token. Reads the file only if it has changed. While the file is empty, as during a write, the former token is returned.
	 *
	 * @throws SpearError `backend_error` that names the option, for a file that cannot be read or holds no token.
	 */
	async read(): Promise<string> {
		try {
			const { mtimeNs, ctimeNs, size, ino, isFile } = await fileState(this.#path);
			// Reading a pipe or a device could take forever.
			if (!isFile) throw this.#fault("it is not a file");
			if (size > MAX_BYTES) throw this.#fault(`it has more than ${MAX_BYTES} bytes`);
			const state = `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
			if (state === this.#state) return this.#token;
			const token = await beginningOf(this.#path);
			if (token === "" && this.#token !== "") return this.#token;
			if (token === "") throw this.#fault("it is empty");
			const fault = FAULTS.find(([pattern]) => pattern.test(token))?.[1];
			if (fault !== undefined) throw this.#fault(fault);
			this.#token = token;
			this.#state = state;
			return token;
		} catch (thrown) {
			throw thrown instanceof SpearError ? thrown : this.#fault(fileFault(thrown), thrown);
		}
	}

	#fault(reason: string, cause?: unknown): SpearError {
		const message = `the backend's token cannot be read: ${reason}; its operator must check the option ${this.#option}`;
		return new SpearError("backend_error", message, {
			attribution: "credentials",
			processed: "no",
			cause: new Error(`${this.#path}: ${reason}`, { cause }),
		});
	}
}

async function fileState(path: string) {
	const stats = await stat(path, { bigint: true });
	const { mtimeNs, ctimeNs, size, ino } = stats;
	return { mtimeNs, ctimeNs, size, ino, isFile: stats.isFile() };
}

/** Returns the beginning of a file, without the space around it. A file that grows meanwhile costs no more than the bound. */
async function beginningOf(path: string): Promise<string> {
	const file = await open(path, "r");
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
		return buffer.toString("latin1", 0, bytesRead).trim();
	} finally {
		await file.close();
	}
}
