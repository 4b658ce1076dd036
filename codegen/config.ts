/** `codegen.config.json`: the choices that are made when the host is built rather than when it runs. */
import { readFile } from "node:fs/promises";
import jsonc from "jsonc-parser";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { CodegenFailure } from "./failure.ts";
import { JsonObject } from "./json-object.ts";
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
	const object = new JsonObject(source);
	const { diagnostics } = object;
	const report = object.report.bind(object);
	const seen = new Set<string>();
	const kinds = (list: jsonc.Node, member: string): string[] => {
		if (list.type !== "array") {
			report(list, `\`${member}\` must be a list of backend kinds`);
			return [];
		}
		return (list.children ?? []).flatMap((node): string[] => {
			const kind: unknown = node.value;
			if (typeof kind !== "string" || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kind)) {
				const text = source.text.slice(node.offset, node.offset + node.length);
				report(node, `${text} is not the name of a backend kind`, "a kind is named by its folder in `src/backends/kinds/`, in kebab-case");
				return [];
			}
			if (seen.has(kind)) report(node, `\`${kind}\` is named twice`, "a kind is either enabled or disabled, and named once");
			seen.add(kind);
			return [kind];
		});
	};
	const members = new Map<string, string[]>();
	for (const [key, value] of object.members) {
		const name: unknown = key.value;
		const member = MEMBERS.find((each) => each === name);
		if (member === undefined) {
			report(
				key,
				`\`${String(name)}\` is not a member of the configuration`,
				`it has ${MEMBERS.map((each) => `\`${each}\``).join(" and ")}`,
			);
		} else if (members.has(member)) {
			report(key, `\`${member}\` is there twice`, "join the two lists");
		} else {
			members.set(member, kinds(value, member));
		}
	}
	const config = { enabledBackends: members.get("enabledBackends") ?? [], disabledBackends: members.get("disabledBackends") ?? [] };
	return diagnostics.length > 0 ? { diagnostics, source } : { config, diagnostics, source };
}

/** The text of a sound configuration with one more kind enabled; unchanged when it names the kind already, in either list. */
export function enableBackend(text: string, kind: string): string {
	const { config } = checkConfig(new SourceFile("", text));
	if (config === undefined || [...config.enabledBackends, ...config.disabledBackends].includes(kind)) return text;
	const root = jsonc.parseTree(text);
	const list = root && jsonc.findNodeAtLocation(root, [MEMBERS[0]]);
	const insert = (offset: number, added: string): string => text.slice(0, offset) + added + text.slice(offset);
	if (list === undefined) {
		return insert(text.indexOf("{") + 1, `\n\t"${MEMBERS[0]}": ["${kind}"]${root?.children?.length ? "," : ""}`);
	}
	const [last, before] = (list.children ?? []).toReversed();
	if (last === undefined) return insert(list.offset + 1, `"${kind}"`);
	// On a line of its own if the last one is.
	const gap = text.slice(before === undefined ? list.offset + 1 : before.offset + before.length, last.offset).replace(",", "");
	return insert(last.offset + last.length, `,${gap === "" ? " " : gap}"${kind}"`);
}
