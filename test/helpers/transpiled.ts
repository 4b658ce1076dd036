/** A component as the official tool runs it: transpiled, and instantiated with the same functions of the host. */
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { scratch } from "./guest.ts";

type Compile = (bytes: Uint8Array) => Promise<unknown>;
const compile: Compile = Reflect.get(Object(Reflect.get(globalThis, "WebAssembly")), "compile");

export async function instantiateByJco<Exports>(component: Uint8Array, imports: object): Promise<Exports> {
	const { files } = await transpileBytes(component, { name: "guest", instantiation: "async" });
	const directory = await mkdtemp(join(scratch(), "jco-"));
	for (const [name, bytes] of Object.entries(files)) {
		await mkdir(dirname(join(directory, name)), { recursive: true });
		await writeFile(join(directory, name), bytes);
	}
	await writeFile(join(directory, "package.json"), '{ "type": "module" }');
	const { instantiate } = await import(pathToFileURL(join(directory, "guest.js")).href);
	return instantiate(async (name: string) => compile(await readFile(join(directory, name))), {
		...new WASIShim().getImportObject(),
		...imports,
	});
}
