/**
 * Checks that imports run one way, by the rules in `layers.ts`. `npm run check:layers`; a test runs it too.
 *
 * Prints each import that breaks a rule and exits 1.
 */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, posix, resolve } from "node:path";
import process from "node:process";
import { Project, type SourceFile } from "ts-morph";
import { kindOf, LAYERS, type Layer } from "./layers.ts";

export interface Violation {
	/** `src/router/router.ts:3` */
	readonly at: string;
	readonly message: string;
}

/** Every import under `root` that the rules forbid. */
export function checkLayers(root: string): Violation[] {
	const project = new Project({ useInMemoryFileSystem: true });
	return ["codegen", "generated", "src"]
		.flatMap((folder) => listSources(root, folder))
		.flatMap((path) => {
			const file = project.createSourceFile(`/${path}`, readFileSync(resolve(root, path), "utf8"), { overwrite: true });
			const found = checkFile(file, path);
			project.removeSourceFile(file);
			return found;
		});
}

function listSources(root: string, folder: string): string[] {
	return readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" })
		.map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
		.filter((path) => /\.(?:ts|js)$/.test(path) && !path.endsWith(".d.ts"))
		.sort();
}

interface Import {
	readonly specifier: string;
	readonly typeOnly: boolean;
	readonly line: number;
}

function importsOf(file: SourceFile): Import[] {
	const declared = [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((node) => {
		const specifier = node.getModuleSpecifierValue();
		if (specifier === undefined) return [];
		return [{ specifier, typeOnly: node.isTypeOnly(), line: node.getStartLineNumber() }];
	});
	const dynamic = [...file.getFullText().matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)].map((match) => ({
		specifier: match[1] ?? "",
		typeOnly: false,
		line: file.getFullText().slice(0, match.index).split("\n").length,
	}));
	return [...declared, ...dynamic];
}

function checkFile(file: SourceFile, path: string): Violation[] {
	const from = layerOf(path);
	if (from === undefined) return [{ at: `${path}:1`, message: "belongs to no layer; give its folder a place in scripts/layers.ts" }];
	return importsOf(file).flatMap((entry) => {
		const message = entry.specifier.startsWith(".") ? judgeRelative(from, path, entry) : judgePackage(from, entry);
		return message === undefined ? [] : [{ at: `${path}:${entry.line}`, message }];
	});
}

function judgeRelative(from: Layer, path: string, entry: Import): string | undefined {
	const target = posix.join(dirname(path), entry.specifier);
	const to = layerOf(target);
	if (to === undefined) return /\.(?:json|hbs|peggy)$/.test(target) ? undefined : `imports ${target}, which belongs to no layer`;
	if (to === from) {
		const [own, other] = [kindOf(path), kindOf(target)];
		return own === other ? undefined : `a backend kind never imports another: ${target}`;
	}
	if (from.may.includes(to.name) || (entry.typeOnly && from.may.includes(`type:${to.name}`))) return undefined;
	const nearly = from.may.includes(`type:${to.name}`) ? "only types of " : "";
	return `${from.name} may import ${nearly || "nothing of "}${to.name}: ${target}`;
}

function judgePackage(from: Layer, { specifier, typeOnly }: Import): string | undefined {
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
	console.log(violations.length === 0 ? "imports run one way" : `${violations.length} imports break the rules of scripts/layers.ts`);
	process.exitCode = violations.length === 0 ? 0 : 1;
}
