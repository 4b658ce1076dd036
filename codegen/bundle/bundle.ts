/**
 * The part of the generator that makes files, as one script with its compiled code. Loading about 270 modules takes a third of a run, and
 * Node's compile cache has no function that is compiled on its first call.
 *
 * The first run of new sources makes the script, the second one its compiled code. Each is kept behind a digest that covers the sources: a
 * file that is damaged, or of other sources, is as if it was missing. With `--no-cache`, the sources run.
 */
import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { Script } from "node:vm";
import { digestOf } from "../cache/digest.ts";
import { generatorIdentity } from "../cache/generator.ts";
import type { Generate } from "../run.ts";
import { statOf } from "../write/disk.ts";

const DIGEST_LENGTH = 64;

/** Loads the generator as `generate.ts` does it, from a bundle if there is one. */
export class GeneratorBundle {
	readonly #scriptFile: string;
	readonly #codeFile: string;
	/** Makes what the loaded generator lacks. */
	#make: (() => Promise<void>) | undefined;

	/** @param directory of the files, which need not exist */
	constructor(directory: string) {
		this.#scriptFile = path.join(directory, "generate.js");
		this.#codeFile = path.join(directory, "generate.code");
	}

	async load(): Promise<Generate> {
		const identity = generatorIdentity();
		const sealed = readSealed(this.#scriptFile, identity);
		if (sealed === undefined) {
			this.#make = () => this.#makeScript(identity);
			const { generate } = await import("../generate.ts");
			return generate;
		}
		const code = readSealed(this.#codeFile, sealed.digest)?.content;
		const script = new Script(sealed.content.toString("latin1"), { filename: this.#scriptFile, cachedData: code });
		if (code === undefined || script.cachedDataRejected === true) {
			this.#make = async () => writeSealed(this.#codeFile, sealed.digest, script.createCachedData());
		}
		return script.runInThisContext()(createRequire(import.meta.url));
	}

	/**
	 * Makes what the next run can load faster. To be called after a run that generated: compiled code has the functions that were called.
	 * A cache that cannot be written is no failure of the run.
	 */
	async keep(): Promise<void> {
		try {
			await this.#make?.();
		} catch {}
	}

	async #makeScript(identity: string): Promise<void> {
		const directory = path.dirname(this.#scriptFile);
		mkdirSync(directory, { recursive: true });
		// Otherwise each run would bundle for nothing where the cache is read-only.
		accessSync(directory, constants.W_OK);
		const { bundled } = await import("./make.ts");
		const script = await bundled();
		if (generatorIdentity({ now: true }) === identity) writeSealed(this.#scriptFile, identity, script);
	}
}

/** Directory of the bundle: in the packages of the generator itself. Absent if it has none of its own. */
export function bundleDirectory(): string | undefined {
	const modules = path.resolve(import.meta.dirname, "../../node_modules");
	return statOf(modules)?.isDirectory() === true ? path.join(modules, ".cache", "spear-codegen", "generator") : undefined;
}

/** Content of a file that was written with the same seal, and the digest over both. */
function readSealed(file: string, seal: string): { readonly content: Buffer; readonly digest: string } | undefined {
	try {
		const bytes = readFileSync(file);
		const content = bytes.subarray(DIGEST_LENGTH);
		const digest = digestOf([seal, content]);
		return bytes.toString("latin1", 0, DIGEST_LENGTH) === digest ? { content, digest } : undefined;
	} catch {
		return undefined;
	}
}

function writeSealed(file: string, seal: string, content: Uint8Array): void {
	const draft = `${file}.${process.pid}`;
	writeFileSync(draft, Buffer.concat([Buffer.from(digestOf([seal, content])), content]));
	renameSync(draft, file);
}
