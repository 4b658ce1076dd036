/** The types that hand-written code has to fill: those of `generated/`, and tables over all operations. */
import * as path from "node:path";
import { type Project, type Type, ts } from "ts-morph";

export class GeneratedTypes {
	readonly #folders: readonly string[];
	readonly #runtime: string;
	readonly #operations: ReadonlySet<string>;

	constructor(project: Project, projectRoot: string) {
		const generated = path.resolve(projectRoot, "generated");
		this.#folders = [path.join(generated, "hostcall"), path.join(generated, "backends")].map(posix);
		this.#runtime = posix(path.join(generated, "hostcall", "runtime.ts"));
		const operations = project.getSourceFile(posix(path.join(generated, "ir", "operations.ts")));
		const union = operations?.getTypeAlias("Operation")?.getType();
		this.#operations = new Set(union === undefined ? [] : literals(union));
	}

	/** True for a type whose objects lack members after a change of the ABI. */
	has(type: Type): boolean {
		if (type.isAny() || type.isUnknown() || !type.isObject()) return false;
		return this.#isDeclaredHere(type) || this.#isOperationTable(type);
	}

	#isDeclaredHere(type: Type): boolean {
		const declarations = [type.getAliasSymbol(), type.getSymbol()].flatMap((symbol) => symbol?.getDeclarations() ?? []);
		return declarations.some((declaration) => {
			const file = posix(declaration.getSourceFile().getFilePath());
			return file !== this.#runtime && this.#folders.includes(path.posix.dirname(file));
		});
	}

	/** A member for each operation and nothing else. */
	#isOperationTable(type: Type): boolean {
		if (this.#operations.size === 0) return false;
		const required = type.getProperties().filter((property) => !property.hasFlags(ts.SymbolFlags.Optional));
		return required.length === this.#operations.size && required.every((property) => this.#operations.has(property.getName()));
	}
}

function literals(type: Type): string[] {
	const members = type.isUnion() ? type.getUnionTypes() : [type];
	return members.flatMap((member) => {
		const value = member.getLiteralValue();
		return typeof value === "string" ? [value] : [];
	});
}

function posix(file: string): string {
	return file.split(path.sep).join("/");
}
