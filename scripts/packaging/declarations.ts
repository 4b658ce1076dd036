import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** Modules that a declaration names: in imports and exports, in types such as `import("./a.ts").A`, and in references. */
const NAMED = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|<reference path=)"(\.{1,2}\/[^"]+)"/g;

/**
 * Removes the declarations in a folder that no entry point reaches: nothing outside the package can import them.
 *
 * @param entries Paths of the declarations of the package's entry points.
 */
export function removeUnreachableDeclarations(folder: string, entries: readonly string[]): void {
	const reached = new Set<string>();
	const waiting = [...entries];
	for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
		if (reached.has(path)) continue;
		reached.add(path);
		for (const [, module = ""] of readFileSync(path, "utf8").matchAll(NAMED)) {
			const declaration = join(dirname(path), module).replace(/(?:\.d)?\.[jt]s$/, ".d.ts");
			if (existsSync(declaration)) waiting.push(declaration);
		}
	}
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name);
		if (path.endsWith(".d.ts") && !reached.has(path)) rmSync(path);
	}
}

/** Returns the paths of the declarations that `exports` of a package description names. */
export function declarationEntries(description: unknown): string[] {
	if (typeof description === "string") return description.endsWith(".d.ts") ? [join(description)] : [];
	return typeof description === "object" && description !== null ? Object.values(description).flatMap(declarationEntries) : [];
}
