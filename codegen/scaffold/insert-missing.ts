/**
 * `--scaffold`: after WIT has grown, puts the members that hand-written code now lacks where the compiler asks for them, each with a
 * body that throws. Existing code is not touched, not even its layout.
 */
import { existsSync } from "node:fs";
import * as path from "node:path";
import {
	type ClassDeclaration,
	IndentationText,
	type Symbol as MorphSymbol,
	type Node,
	type ObjectLiteralExpression,
	Project,
	QuoteKind,
	type SourceFile,
	SyntaxKind,
	type Type,
	ts,
} from "ts-morph";
import { ensureImport } from "./ensure-import.ts";
import { GeneratedTypes } from "./generated-types.ts";
import { insertMembers } from "./insert-members.ts";
import { classMember, literalMember, memberName, type StubContext } from "./stub-text.ts";

export interface InsertedMember {
	/** Relative to the project's root, with `/` separators. */
	readonly file: string;
	/** The owner of the new member, e.g. `Session` or `HostFamilies`. */
	readonly owner: string;
	readonly member: string;
}

export interface InsertOutcome {
	/** Files that were changed, relative to the project's root, sorted. */
	readonly changedFiles: readonly string[];
	readonly inserted: readonly InsertedMember[];
}

export interface InsertOptions {
	/** Globs of hand-written code, relative to the root. */
	readonly sources?: readonly string[];
}

const DEFAULT_SOURCES = ["src/**/*.ts", "!src/guest/**"];

/** Completes object literals and classes of the project at `projectRoot` that fill a generated interface or a table over operations. */
export async function insertMissing(projectRoot: string, { sources = DEFAULT_SOURCES }: InsertOptions = {}): Promise<InsertOutcome> {
	const root = path.resolve(projectRoot);
	const project = openProject(root);
	const files = project.addSourceFilesAtPaths(
		sources.map((glob) => (glob.startsWith("!") ? `!${path.posix.join(root, glob.slice(1))}` : path.posix.join(root, glob))),
	);
	project.resolveSourceFileDependencies();
	const generated = new GeneratedTypes(project, root);
	const inserted: InsertedMember[] = [];
	for (const file of files.sort((a, b) => (a.getFilePath() < b.getFilePath() ? -1 : 1))) {
		const relative = path.relative(root, file.getFilePath()).split(path.sep).join("/");
		for (const { owner, member } of completeFile(file, root, generated)) inserted.push({ file: relative, owner, member });
	}
	await project.save();
	return { changedFiles: [...new Set(inserted.map((each) => each.file))], inserted };
}

function openProject(root: string): Project {
	const config = path.join(root, "tsconfig.json");
	return new Project({
		...(existsSync(config)
			? { tsConfigFilePath: config, skipAddingFilesFromTsConfig: true }
			: { compilerOptions: DEFAULT_COMPILER_OPTIONS }),
		manipulationSettings: { indentationText: IndentationText.Tab, quoteKind: QuoteKind.Double, useTrailingCommas: true },
	});
}

const DEFAULT_COMPILER_OPTIONS: ts.CompilerOptions = {
	target: ts.ScriptTarget.ESNext,
	module: ts.ModuleKind.NodeNext,
	moduleResolution: ts.ModuleResolutionKind.NodeNext,
	allowImportingTsExtensions: true,
	noEmit: true,
	strict: true,
};

interface Gap {
	readonly place: ObjectLiteralExpression | ClassDeclaration;
	readonly owner: string;
	readonly members: readonly { readonly name: string; readonly text: string }[];
}

/** Finds all gaps of a file first: an insertion makes the types of its nodes stale. */
function completeFile(file: SourceFile, root: string, generated: GeneratedTypes): { owner: string; member: string }[] {
	const needed = new Set<"SpearError" | "UNAVAILABLE">();
	const gaps = [...literalGaps(file, root, generated, needed), ...classGaps(file, root, generated, needed)];
	insertMembers(
		file,
		gaps.map(({ place, members }) => ({ place, texts: members.map(({ text }) => text) })),
	);
	if (needed.has("SpearError")) ensureImport(file, "SpearError", path.join(root, SPEAR_ERROR));
	if (needed.has("UNAVAILABLE")) ensureImport(file, "UNAVAILABLE", path.join(root, "generated/hostcall/families.ts"));
	return gaps.flatMap(({ owner, members }) => members.map(({ name }) => ({ owner, member: name })));
}

function literalGaps(file: SourceFile, root: string, generated: GeneratedTypes, needed: Set<string>): Gap[] {
	return file.getDescendantsOfKind(SyntaxKind.ObjectLiteralExpression).flatMap((place) => {
		const expected = place.getContextualType()?.getNonNullableType();
		if (expected === undefined || !generated.has(expected)) return [];
		const missing = missingMembers(expected, place.getType());
		if (missing.length === 0) return [];
		const context = stubContext(place, typeName(expected, place), root, needed);
		return [
			{
				place,
				owner: context.owner,
				members: missing.map((member) => ({ name: memberName(member), text: literalMember(member, context) })),
			},
		];
	});
}

function classGaps(file: SourceFile, root: string, generated: GeneratedTypes, needed: Set<string>): Gap[] {
	return file.getDescendantsOfKind(SyntaxKind.ClassDeclaration).flatMap((place) =>
		place.getImplements().flatMap((clause) => {
			const expected = clause.getType();
			const missing = generated.has(expected) ? missingMembers(expected, place.getType()) : [];
			if (missing.length === 0) return [];
			const context = stubContext(place, typeName(expected, place), root, needed);
			const members = missing.map((member) => ({ name: memberName(member), text: classMember(member, clause.getText(), context) }));
			return [{ place, owner: context.owner, members }];
		}),
	);
}

function missingMembers(expected: Type, actual: Type): MorphSymbol[] {
	const present = new Set(actual.getProperties().map((property) => property.getEscapedName()));
	return expected.getProperties().filter((member) => !member.hasFlags(ts.SymbolFlags.Optional) && !present.has(member.getEscapedName()));
}

/** The type's name in messages; for a table without a name, that of the variable it is assigned to. */
function typeName(type: Type, place: Node): string {
	const name = (type.getAliasSymbol() ?? type.getSymbol())?.getName();
	if (name !== undefined && !name.startsWith("__")) return name;
	return place.getFirstAncestorByKind(SyntaxKind.VariableDeclaration)?.getName() ?? "table";
}

const SPEAR_ERROR = "src/errors/spear-error.ts";

function stubContext(location: Node, owner: string, root: string, needed: Set<string>): StubContext {
	const hasSpearError = existsSync(path.join(root, SPEAR_ERROR));
	return {
		location,
		owner,
		error(message) {
			if (!hasSpearError) return `new Error(${JSON.stringify(message)})`;
			needed.add("SpearError");
			return `new SpearError("internal", ${JSON.stringify(message)})`;
		},
		unavailable() {
			needed.add("UNAVAILABLE");
			return "UNAVAILABLE";
		},
	};
}
