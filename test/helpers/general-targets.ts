/** General targets, run for the WIT of a test. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { componentize } from "componentize-qjs";
import type { Diagnostic } from "../../codegen/diagnostics/diagnostic.ts";
import { hostTarget } from "../../codegen/emit/host-ts/index.ts";
import type { Target } from "../../codegen/emit/target.ts";
import type { Model } from "../../codegen/model/model.ts";
import { readWit } from "../../codegen/wit/read.ts";
import { GeneratedFiles } from "./codegen.ts";
import { ROOT, scratch } from "./guest.ts";

/** The bindings run on the sources of this project, as those of a user run on the package. */
export const testHost: Target = hostTarget({ runtime: join(ROOT, "src/component.ts") });

export interface Emitted {
	readonly files: ReadonlyMap<string, string>;
	readonly findings: readonly Diagnostic[];
}

export async function emitTarget(target: Target, model: Model): Promise<Emitted> {
	const files = new Map<string, string>();
	const findings: Diagnostic[] = [];
	await target(model, {
		write: (path, content) => {
			if (files.has(path)) throw new Error(`${path} is written twice`);
			files.set(path, String(content));
		},
		report: (finding) => findings.push(finding),
	});
	return { files, findings };
}

export async function modelOf(directory: string): Promise<Model> {
	const { model, diagnostics } = await readWit(directory, { features: "all" });
	if (model === undefined) throw new Error(JSON.stringify(diagnostics.slice(0, 3)));
	return model;
}

let made = 0;

/** Writes a package to a directory of its own, with a public package and what that needs as its dependencies. */
export function witDirectory(text: string, corpusPackage?: string): string {
	made += 1;
	const directory = join(scratch(), `wit-${made}`);
	mkdirSync(join(directory, "deps"), { recursive: true });
	writeFileSync(join(directory, "main.wit"), text);
	if (corpusPackage !== undefined) {
		for (const name of readdirSync(join(corpusPackage, "deps")))
			cpSync(join(corpusPackage, "deps", name), join(directory, "deps", name), { recursive: true });
		cpSync(corpusPackage, join(directory, "deps", "main"), {
			recursive: true,
			filter: (path) => !path.startsWith(join(corpusPackage, "deps")),
		});
	}
	return directory;
}

/** Exports of `index.ts`, without their types: the test generates the file. */
export interface LoadedBindings<Exports> {
	instantiate(source: Uint8Array, imports: unknown, options?: object): Promise<Exports & Disposable>;
	/** The interfaces that the world imports, with the names of their functions and resources. */
	readonly imports: readonly { readonly name: string; readonly functions: object; readonly resources: object }[];
	/** Complaints of the compiler about the bindings. */
	typeErrors(): Promise<string>;
}

export async function bindingsOf<Exports = unknown>(directory: string, world: string): Promise<LoadedBindings<Exports>> {
	const { files } = await emitTarget(testHost, await modelOf(directory));
	const generated = await GeneratedFiles.write(files);
	const { instantiate } = await generated.load(`host/${world}/index.ts`);
	const { BINDINGS } = await generated.load(`host/${world}/lowering/bindings.ts`);
	if (typeof instantiate !== "function") throw new TypeError("the bindings have no function `instantiate`");
	return {
		instantiate: (...args) => instantiate(...args),
		imports: Object(BINDINGS).imports,
		typeErrors: () => generated.typeErrors(),
	};
}

/** Builds a guest for QuickJS. */
export async function buildQuickJs(directory: string, world: string, source: string): Promise<Uint8Array> {
	const { component } = await componentize({ witPath: directory, jsSource: source, world, sync: true });
	return component;
}
