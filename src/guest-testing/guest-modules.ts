import { INTERFACES, interfaceModule } from "./interface-modules.ts";

const SPECIFIER = /^spear:ai\/([a-z]+)(?:@(\d+\.\d+\.\d+))?$/;

/** Imports of the guest library. The files are those of this release, as in a build. */
const LIBRARY = /^spear-hostcall\/guest(?:\/([a-z]+))?$/;

/** Version of the interfaces. */
const VERSION = "0.1.0";

const HERE = new URL("./", import.meta.url).href;
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Returns true for an import of the ABI, such as `spear:ai/cchat@0.1.0`. */
export function isInterface(specifier: string): boolean {
	return specifier.startsWith("spear:ai/");
}

/**
 * Returns the text of the module for an import of the ABI.
 *
 * @throws Error for an interface or a version that the ABI lacks.
 */
export function interfaceSource(specifier: string): string {
	const [, name = "", version] = SPECIFIER.exec(specifier) ?? [];
	if (!INTERFACES.includes(name) && name !== "types")
		throw new Error(`there is no interface ${specifier}; there are: ${INTERFACES.map((each) => `spear:ai/${each}@${VERSION}`).join(", ")}`);
	if (version !== undefined && version !== VERSION) throw new Error(`${specifier}: the mock host has version ${VERSION}`);
	// An interface of types alone has no values.
	if (name === "types") return "export {};";
	const names = Object.keys(interfaceModule(name));
	return [
		`import { interfaceModule } from ${JSON.stringify(`${HERE}interface-modules.${EXTENSION}`)};`,
		`export const { ${names.join(", ")} } = interfaceModule(${JSON.stringify(name)});`,
	].join("\n");
}

/** Returns the file that an import of the guest library refers to. `undefined` for any other import. */
export function libraryFile(specifier: string): string | undefined {
	const found = LIBRARY.exec(specifier);
	return found === null || found[1] === "testing" ? undefined : new URL(`../guest/${found[1] ?? "guest"}.${EXTENSION}`, HERE).href;
}
