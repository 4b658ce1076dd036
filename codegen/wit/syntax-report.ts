/** Reports a syntax fault by the way it is mended. */
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { DiagnosticCollector } from "../diagnostics/collector.ts";
import type { RelatedPlace } from "../diagnostics/diagnostic.ts";
import { type Body, itemAt, openBodies } from "./bodies.ts";
import type { MendedText } from "./mended-text.ts";
import type { Fault, Mending } from "./recover.ts";
import type { Token } from "./scan.ts";
import type { SourceFile } from "./source-file.ts";
import type { Range } from "./syntax.ts";
import { describe, syntaxMessage } from "./syntax-message.ts";

export class SyntaxReport {
	readonly #source: SourceFile;
	readonly #mended: MendedText;
	readonly #tokens: readonly Token[];
	readonly #diagnostics: DiagnosticCollector;

	/** @param tokens of the mended text */
	constructor(source: SourceFile, mended: MendedText, tokens: readonly Token[], diagnostics: DiagnosticCollector) {
		this.#source = source;
		this.#mended = mended;
		this.#tokens = tokens;
		this.#diagnostics = diagnostics;
	}

	add(fault: Fault, mending: Mending): void {
		switch (mending.kind) {
			case "insert":
				this.#missingSign(mending.sign, mending.index, mending.unclosed);
				break;
			case "escape":
				this.#keywordAsName(mending.index);
				break;
			case "blank":
				this.#unexpected(fault);
		}
	}

	#missingSign(sign: string, index: number, unclosed: readonly Body[]): void {
		const { end } = this.#tokens[index - 1] ?? { end: 0 };
		const message = `expected \`${sign}\` after \`${this.#wordBefore(index)}\`, found ${describe(this.#tokens[index])}`;
		this.#error("syntax", { start: end, end }, message, {
			related: unclosed.map(({ kind, open }) => this.#place(open, `the brace of this ${kind} is not closed`)),
		});
	}

	#keywordAsName(index: number): void {
		const keyword = this.#tokens[index];
		if (keyword !== undefined) {
			const message = `\`${keyword.text}\` is a keyword of WIT and cannot be a name by itself`;
			this.#error("keyword-as-name", keyword, message, { help: `write \`%${keyword.text}\`` });
		}
	}

	#unexpected({ index, expected }: Fault): void {
		const [previous, found] = [this.#tokens[index - 1], this.#tokens[index]];
		const around = openBodies(this.#tokens, index).at(-1);
		if (found !== undefined && around?.kind === "package" && itemAt(this.#tokens, index) === "package") {
			this.#error("nested-package", found, "a package cannot stand inside another", {
				help: "write them one after the other; each may refer to the other's interfaces by their full names",
				related: [this.#place(around.open, "the other package begins here")],
			});
			return;
		}
		const beforeIt = this.#tokens[index - 2]?.text ?? ";";
		const { message, help } = syntaxMessage({ expected, found, previous, previousBeginsItem: /^[;{}]$/.test(beforeIt) });
		const end = previous?.end ?? this.#mended.text.length;
		const closedBefore = around === undefined && previous?.text === "}" && found !== undefined && found.text !== "}";
		this.#error("syntax", found ?? { start: end, end }, message, {
			help,
			related: closedBefore ? [this.#place(index - 1, "the body before it is closed here")] : undefined,
		});
	}

	#error(
		code: DiagnosticCode,
		range: Range,
		message: string,
		extras: { help?: string | undefined; related?: RelatedPlace[] | undefined },
	): void {
		const related = extras.related?.length === 0 ? undefined : extras.related;
		this.#diagnostics.error(code, this.#source.span(this.#mended.rangeToOriginal(range)), message, { ...extras, related });
	}

	#place(index: number, message: string): RelatedPlace {
		const token = this.#tokens[index] ?? { start: 0, end: 0 };
		return { message, span: this.#source.span(this.#mended.rangeToOriginal(token)) };
	}

	/** The token before `index`; a version as a whole, not only its last number. */
	#wordBefore(index: number): string {
		let first = index - 1;
		while (
			first > 0 &&
			this.#tokens[first - 1]?.end === this.#tokens[first]?.start &&
			this.#isOfVersion(first) &&
			this.#isOfVersion(first - 1)
		) {
			first--;
		}
		const [start, end] = [this.#tokens[first]?.start ?? 0, this.#tokens[index - 1]?.end ?? 0];
		return this.#mended.text.slice(start, end);
	}

	#isOfVersion(index: number): boolean {
		return /^(?:[\w-]+|[.+])$/.test(this.#tokens[index]?.text ?? "");
	}
}
