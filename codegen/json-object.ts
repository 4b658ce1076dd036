/** A configuration in JSON, read with the place of each of its members. */
import jsonc from "jsonc-parser";
import { type Diagnostic, diagnostic } from "./diagnostics/diagnostic.ts";
import type { SourceFile } from "./wit/source-file.ts";

/** A range of the text, such as a node. */
type Place = Pick<jsonc.Node, "offset" | "length">;

export class JsonObject {
	readonly diagnostics: Diagnostic[] = [];
	/** Key and value of each member, in order of text. None if the text has faults. */
	readonly members: readonly (readonly [key: jsonc.Node, value: jsonc.Node])[];
	readonly #source: SourceFile;

	constructor(source: SourceFile) {
		this.#source = source;
		const errors: jsonc.ParseError[] = [];
		const root = jsonc.parseTree(source.text, errors, { disallowComments: true, allowTrailingComma: false });
		const [syntax] = errors;
		if (syntax !== undefined) this.report(syntax, "this is not JSON", wordsOf(jsonc.printParseErrorCode(syntax.error)));
		else if (root?.type !== "object") this.report(root ?? { offset: 0, length: 0 }, "the configuration must be an object");
		const properties = this.diagnostics.length === 0 ? (root?.children ?? []) : [];
		this.members = properties.flatMap(({ children: [key, value] = [] }) =>
			key === undefined || value === undefined ? [] : [[key, value] as const],
		);
	}

	/** Adds an `invalid-config`. */
	report({ offset, length }: Place, message: string, help?: string): void {
		const span = this.#source.span({ start: offset, end: offset + length });
		this.diagnostics.push(diagnostic("error", "invalid-config", span, message, { help }));
	}
}

/** `ValueExpected` → `value expected`. */
function wordsOf(name: string): string {
	return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
