/** Runs emitters on WIT text, and loads the emitted code. */

import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { noMemo } from "../../codegen/cache/memo.ts";
import type { EmitInput, EmittedFile, Emitter } from "../../codegen/emit/emitter.ts";
import type { ExtraSchema } from "../../codegen/emit/kit/schema/extra-schemas.ts";
import type { Abi } from "../../codegen/model/abi.ts";
import { buildAbi } from "../../codegen/model/build-abi.ts";
import type { Model } from "../../codegen/model/model.ts";
import { readWit, readWitText } from "../../codegen/wit/read.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Returns the ABI of a package in WIT text. A fault in the text fails the test. */
export function abiOf(wit: string): Abi {
	const { model, diagnostics } = readWitText(wit, { path: "test.wit" });
	return abiOfModel(model, diagnostics);
}

/** Returns the project's own ABI, from `wit/`. */
export async function projectAbi(): Promise<Abi> {
	return abiIn(join(root, "wit"));
}

/** Returns the ABI of the package in a directory. A fault in the WIT fails the test. */
export async function abiIn(directory: string): Promise<Abi> {
	const { model, diagnostics } = await readWit(directory);
	return abiOfModel(model, diagnostics);
}

function abiOfModel(model: Model | undefined, diagnostics: readonly { message: string }[]): Abi {
	if (model === undefined) throw new Error(`the WIT of this test is wrong: ${diagnostics.map((each) => each.message).join("; ")}`);
	return buildAbi(model, (fault) => {
		throw new Error(`the WIT of this test is wrong: ${fault.message}`);
	});
}

/** Returns the text of every emitted file, by path. */
export async function emitText(emitter: Emitter, abi: Abi): Promise<Map<string, string>> {
	const config = { enabledBackends: [], disabledBackends: [] };
	const input: EmitInput = { abi, config, witFiles: new Map(), memo: noMemo };
	return new Map((await emitter.emit(input)).map((file) => [file.path, textOf(file)]));
}

export async function emitOne(emitter: Emitter, abi: Abi, path: string): Promise<string> {
	const files = await emitText(emitter, abi);
	const text = files.get(path);
	if (text === undefined) throw new Error(`${emitter.name} did not emit ${path}; it emitted ${[...files.keys()].join(", ")}`);
	return text;
}

function textOf({ path, content }: EmittedFile): string {
	if (typeof content !== "string") throw new Error(`${path} is not text`);
	return content;
}

/** Returns an extra schema as the emitters read it from `codegen/schemas/`. */
export function extraSchema(name: string, schema: ExtraSchema["schema"]): () => Promise<readonly ExtraSchema[]> {
	return async () => [{ name, source: `codegen/schemas/${name}.schema.json`, schema }];
}

/** Emitted files in a directory of their own, to be imported or type checked. */
export class GeneratedFiles {
	readonly directory: string;

	private constructor(directory: string) {
		this.directory = directory;
	}

	static async write(files: ReadonlyMap<string, string>): Promise<GeneratedFiles> {
		const generated = new GeneratedFiles(await mkdtemp(join(tmpdir(), "spear-codegen-")));
		await generated.add(new Map([...files, ["package.json", '{ "type": "module" }']]));
		await symlink(join(root, "node_modules"), join(generated.directory, "node_modules"));
		return generated;
	}

	async add(files: ReadonlyMap<string, string>): Promise<void> {
		for (const [path, text] of files) {
			await mkdir(dirname(join(this.directory, path)), { recursive: true });
			await writeFile(join(this.directory, path), text);
		}
	}

	/** Returns the exports of a module. */
	async load(path: string): Promise<{ readonly [name: string]: unknown }> {
		return import(pathToFileURL(join(this.directory, path)).href);
	}

	/** Returns an exported function. */
	async function(path: string, name: string): Promise<(...args: unknown[]) => unknown> {
		const found = (await this.load(path))[name];
		if (typeof found !== "function") throw new Error(`${path} exports no function ${name}`);
		return (...args) => found(...args);
	}

	/** Returns the compiler's complaints about the emitted TypeScript, under the project's own options. Empty if it compiles. */
	async typeErrors(): Promise<string> {
		const options = { extends: join(root, "tsconfig.json"), include: ["**/*.ts"] };
		await writeFile(join(this.directory, "tsconfig.json"), JSON.stringify(options));
		const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["--noEmit", "--singleThreaded", "-p", "."], {
			cwd: this.directory,
			encoding: "utf8",
		});
		return stdout;
	}

	async remove(): Promise<void> {
		await rm(this.directory, { recursive: true });
	}
}
