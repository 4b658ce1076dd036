/**
 * Checks that imports run one way, by the rules in `layers.ts`, and that no files import each other in a circle. `npm run lint`
 * runs it; a test runs it too.
 *
 * Prints each import that breaks a rule and each cycle, and exits 1.
 */
import "./require-node.ts";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { posix, resolve } from "node:path";
import process from "node:process";
import { findCycles } from "./import-cycles.ts";
import { ISOLATED, LAYERS, type Layer } from "./layers.ts";
import { type ImportedModule, scanImports } from "./scan-imports.ts";

export interface Violation {
	/** `src/router/router.ts:3` */
	readonly at: string;
	readonly message: string;
}

interface Source {
	/** Relative to the root, with `/` separators. */
	readonly path: string;
	readonly imports: readonly ImportedModule[];
}

/** Every import under `root` that the rules forbid, then every cycle of imports. Type-only imports count in both. */
export function checkLayers(root: string): Violation[] {
	const sources = ["codegen", "generated", "src"].flatMap((folder) => readSources(root, folder));
	return [...sources.flatMap(checkSource), ...cyclesOf(sources)];
}

function readSources(root: string, folder: string): Source[] {
	return readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" })
		.map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
		.filter((path) => /\.(?:tsx?|js)$/.test(path) && !path.endsWith(".d.ts"))
		.sort()
		.map((path) => ({ path, imports: scanImports(readFileSync(resolve(root, path), "utf8")) }));
}

function cyclesOf(sources: readonly Source[]): Violation[] {
	const targets = sources.map(({ path, imports }): [string, string[]] => [
		path,
		imports.filter(({ specifier }) => specifier.startsWith(".")).map(({ specifier }) => targetOf(path, specifier)),
	]);
	return findCycles(new Map(targets)).map((cycle) => ({ at: `${cycle[0]}:1`, message: `imports itself: ${cycle.join(" → ")}` }));
}

function targetOf(path: string, specifier: string): string {
	return posix.join(posix.dirname(path), specifier);
}

function checkSource({ path, imports }: Source): Violation[] {
	const from = layerOf(path);
	if (from === undefined) return [{ at: `${path}:1`, message: "belongs to no layer; give its folder a place in scripts/layers.ts" }];
	return imports.flatMap((entry) => {
		const message = entry.specifier.startsWith(".") ? judgeRelative(from, path, entry) : judgePackage(from, entry);
		return message === undefined ? [] : [{ at: `${path}:${entry.line}`, message }];
	});
}

function judgeRelative(from: Layer, path: string, entry: ImportedModule): string | undefined {
	const target = targetOf(path, entry.specifier);
	const to = layerOf(target);
	if (to === undefined) return /\.(?:json|hbs|peggy)$/.test(target) ? undefined : `imports ${target}, which belongs to no layer`;
	if (to === from) return judgeNeighbour(path, target);
	if (from.may.includes(to.name) || (entry.typeOnly && from.may.includes(`type:${to.name}`))) return undefined;
	const nearly = from.may.includes(`type:${to.name}`) ? "only types of " : "";
	return `${from.name} may import ${nearly || "nothing of "}${to.name}: ${target}`;
}

/** Two files of one layer. */
function judgeNeighbour(path: string, target: string): string | undefined {
	for (const { subfolder, rule } of ISOLATED) {
		const [own, other] = [subfolder.exec(path)?.[0], subfolder.exec(target)?.[0]];
		if (own !== undefined && other !== undefined && own !== other) return `${rule}: ${target}`;
	}
	return undefined;
}

function judgePackage(from: Layer, { specifier, typeOnly }: ImportedModule): string | undefined {
	if (typeOnly || specifier.startsWith("node:") || builtinModules.includes(specifier)) return undefined;
	const allowed = from.packages ?? [];
	if (allowed.includes("*") || allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return undefined;
	return `${from.name} may not import the package ${specifier}`;
}

function layerOf(path: string): Layer | undefined {
	return LAYERS.find((layer) => layer.files.test(path));
}

if (import.meta.main) {
	const violations = checkLayers(process.cwd());
	for (const { at, message } of violations) console.error(`${at}: ${message}`);
	console.log(
		violations.length === 0 ? "imports run one way, without cycles" : `${violations.length} violations of the rules of scripts/layers.ts`,
	);
	process.exitCode = violations.length === 0 ? 0 : 1;
}
