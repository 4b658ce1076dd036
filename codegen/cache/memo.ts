/**
 * Results of slow pure functions, kept from run to run: one file a result, named by the digest of all that the result depends on. A
 * file that is damaged or missing costs the time of making it again.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { sha256 } from "../write/hash.ts";
import { digestOf } from "./digest.ts";

export interface Memo {
	/** The kept result of these inputs, or that of `compute`, which is kept. */
	bytes(inputs: readonly (string | Uint8Array)[], compute: () => Promise<Uint8Array>): Promise<Uint8Array>;
}

/** Keeps nothing. */
export const noMemo: Memo = { bytes: (_inputs, compute) => compute() };

/** The same for text. */
export async function memoText(memo: Memo, inputs: readonly string[], compute: () => Promise<string>): Promise<string> {
	return Buffer.from(await memo.bytes(inputs, async () => Buffer.from(await compute()))).toString();
}

export class DiskMemo implements Memo {
	readonly #directory: string;
	readonly #salt: string;
	readonly #used = new Set<string>();

	/** @param salt the identity of the functions themselves */
	constructor(directory: string, salt: string) {
		this.#directory = directory;
		this.#salt = salt;
	}

	async bytes(inputs: readonly (string | Uint8Array)[], compute: () => Promise<Uint8Array>): Promise<Uint8Array> {
		const name = digestOf([this.#salt, ...inputs]);
		this.#used.add(name);
		const kept = this.#read(name);
		if (kept !== undefined) return kept;
		const made = await compute();
		this.#write(name, made);
		return made;
	}

	/** Removes the results that this run had no use for. */
	removeUnused(): void {
		try {
			for (const name of readdirSync(this.#directory)) if (!this.#used.has(name)) rmSync(path.join(this.#directory, name), { force: true });
		} catch {
			// What cannot be removed is removed by a later run.
		}
	}

	/** A result behind its own digest. */
	#read(name: string): Uint8Array | undefined {
		try {
			const file = readFileSync(path.join(this.#directory, name));
			const content = file.subarray(64);
			return file.toString("latin1", 0, 64) === sha256(content) ? content : undefined;
		} catch {
			return undefined;
		}
	}

	/** A cache that cannot be written is no failure of the run. */
	#write(name: string, content: Uint8Array): void {
		try {
			mkdirSync(this.#directory, { recursive: true });
			const draft = path.join(this.#directory, `${name}.${process.pid}`);
			writeFileSync(draft, Buffer.concat([Buffer.from(sha256(content)), content]));
			renameSync(draft, path.join(this.#directory, name));
		} catch {}
	}
}
