/** `codegen.config.json`: the choices that are made when the host is built rather than when it runs. */
import { readFile } from "node:fs/promises";
import { type Diagnostic, diagnostic } from "./diagnostics/diagnostic.ts";
import { CodegenFailure } from "./failure.ts";
import type { Span } from "./model/model.ts";
import { SourceFile } from "./wit/source-file.ts";

export interface CodegenConfig {
	/** Backend kinds compiled in: folders of `src/backends/kinds/`. */
	readonly enabledBackends: readonly string[];
	/** Backend kinds that exist but are left out; naming one in a host's configuration gives `backend-not-enabled`. */
	readonly disabledBackends: readonly string[];
}

export interface ConfigReading {
	/** Present when there is nothing to complain of. */
	readonly config?: CodegenConfig;
	readonly diagnostics: readonly Diagnostic[];
	readonly source: SourceFile;
}

const MEMBERS = ["enabledBackends", "disabledBackends"] as const;

/**
 * Reads and checks a configuration file.
 *
 * @param label how diagnostics name the file
 * @throws CodegenFailure when the file cannot be read
 */
export async function readConfig(file: string, label: string): Promise<ConfigReading> {
	let text: string;
	try {
		text = await readFile(file, "utf8");
	} catch (cause) {
		throw new CodegenFailure(`cannot read the configuration ${label}: ${cause instanceof Error ? cause.message : String(cause)}`, {
			cause,
			exitCode: 2,
		});
	}
	return checkConfig(new SourceFile(label, text));
}

export function checkConfig(source: SourceFile): ConfigReading {
	const diagnostics: Diagnostic[] = [];
	const report = (span: Span, message: string, help?: string): void => {
		diagnostics.push(diagnostic("error", "invalid-config", span, message, { help }));
	};
	let value: unknown;
	try {
		value = JSON.parse(source.text);
	} catch (cause) {
		report(syntaxSpan(source), "this is not JSON", cause instanceof Error ? cause.message : undefined);
		return { diagnostics, source };
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		report(source.span({ start: 0, end: source.text.trimEnd().length }), "the configuration must be an object");
		return { diagnostics, source };
	}
	for (const key of Object.keys(value)) {
		if (!MEMBERS.some((member) => member === key))
			report(
				quoted(source, key),
				`\`${key}\` is not a member of the configuration`,
				`it has ${MEMBERS.map((name) => `\`${name}\``).join(" and ")}`,
			);
	}
	const members = new Map<string, unknown>(Object.entries(value));
	const seen = new Set<string>();
	const kinds = (member: (typeof MEMBERS)[number]): string[] => {
		const list = members.get(member) ?? [];
		if (!Array.isArray(list)) {
			report(quoted(source, member), `\`${member}\` must be a list of backend kinds`);
			return [];
		}
		return list.flatMap((kind: unknown): string[] => {
			if (typeof kind !== "string" || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kind)) {
				report(
					quoted(source, String(kind), member),
					`${JSON.stringify(kind)} is not the name of a backend kind`,
					"a kind is named by its folder in `src/backends/kinds/`, in kebab-case",
				);
				return [];
			}
			if (seen.has(kind))
				report(quoted(source, kind, member), `\`${kind}\` is named twice`, "a kind is either enabled or disabled, and named once");
			seen.add(kind);
			return [kind];
		});
	};
	const config: CodegenConfig = { enabledBackends: kinds("enabledBackends"), disabledBackends: kinds("disabledBackends") };
	return diagnostics.length > 0 ? { diagnostics, source } : { config, diagnostics, source };
}

/** The text of a sound configuration with one more kind enabled; unchanged when it names the kind already, in either list. */
export function enableBackend(text: string, kind: string): string {
	const { config } = checkConfig(new SourceFile("", text));
	if (config === undefined || [...config.enabledBackends, ...config.disabledBackends].includes(kind)) return text;
	if (!/"enabledBackends"\s*:/.test(text))
		return text.replace("{", `{\n\t"enabledBackends": ["${kind}"]${config.disabledBackends.length > 0 ? "," : ""}`);
	return text.replace(/("enabledBackends"\s*:\s*\[)([^\]]*?)(\s*\])/, (_, open: string, kinds: string, close: string) =>
		kinds.trim() === "" ? `${open}"${kind}"]` : `${open}${kinds}, "${kind}"${close}`,
	);
}

/** The last place of a string in the text behind `after`; the file's beginning if there is none. */
function quoted(source: SourceFile, text: string, after?: string): Span {
	const from = after === undefined ? 0 : Math.max(0, source.text.indexOf(`"${after}"`));
	const literal = source.text.indexOf(JSON.stringify(text), from);
	const start = literal >= 0 ? literal : Math.max(0, source.text.indexOf(text, from));
	return source.span({ start, end: Math.min(source.text.length, start + text.length + (literal >= 0 ? 2 : 0)) });
}

/** The parser does not always say where it stopped: it is at the end of the first prefix that nothing could complete. */
function syntaxSpan(source: SourceFile): Span {
	const { text } = source;
	let end = 1;
	while (end < text.length && isBeginningOfJson(text.slice(0, end))) end++;
	return source.span({ start: Math.max(0, Math.min(end, text.length) - 1), end: Math.min(end, text.length) });
}

function isBeginningOfJson(prefix: string): boolean {
	try {
		JSON.parse(prefix);
		return true;
	} catch (cause) {
		const message = cause instanceof Error ? cause.message : "";
		const position = /at position (\d+)/.exec(message)?.[1];
		return /end of JSON input|Unterminated/.test(message) || Number(position) === prefix.length;
	}
}
