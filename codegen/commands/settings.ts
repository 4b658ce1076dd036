/** Settings of a run of `spear-codegen`: from its flags, and from `spear-codegen.json`. */
import * as path from "node:path";
import type jsonc from "jsonc-parser";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { GENERAL_TARGETS } from "../emit/targets.ts";
import { CodegenFailure } from "../failure.ts";
import { JsonObject } from "../json-object.ts";
import { lintProfiles, type ProfileName } from "../lint/profiles.ts";
import { shown } from "../shown-path.ts";
import { SourceFile } from "../wit/source-file.ts";
import { isErrno, readBounded } from "../write/disk.ts";
import { EXIT } from "./context.ts";

export const CONFIG_NAME = "spear-codegen.json";
const MAX_CONFIG_BYTES = 1024 * 1024;

export interface Settings {
	/** Directories of WIT packages, each with a `deps/` of its own. Absolute. */
	readonly wit: readonly string[];
	/** Absolute path of the directory to generate into. */
	readonly out: string;
	/** Names of targets of the generator. */
	readonly targets: readonly string[];
	/** Modules of emitters of one's own. Absolute. */
	readonly emitters: readonly string[];
	readonly profile: ProfileName;
	/** The configuration file that was read, if any. Absolute. */
	readonly config?: string;
}

export interface SettingsFlags {
	readonly out?: string;
	readonly target?: string;
	readonly config?: string;
}

export interface SettingsReading {
	/** Present when there is nothing to complain of. */
	readonly settings?: Settings;
	readonly diagnostics: readonly Diagnostic[];
	readonly sources: ReadonlyMap<string, string>;
}

type Values = { -readonly [name in "wit" | "targets" | "emitters"]?: readonly string[] } & { out?: string; profile?: ProfileName };

const MEMBERS = ["$schema", "wit", "out", "targets", "emitters", "profile"] as const;

/**
 * Reads the settings of a run. Paths of the configuration are relative to its file, those of flags to the working directory; a flag has the
 * last word.
 *
 * @param dirs directories of WIT packages, as given on the command line; those of the configuration if there are none
 * @throws CodegenFailure with exit code 2 for a file that cannot be read, or an unknown target
 */
export function readSettings(cwd: string, dirs: readonly string[], flags: SettingsFlags): SettingsReading {
	// An empty shell variable would be the working directory.
	if ([flags.out, flags.config, ...dirs].includes(""))
		throw new CodegenFailure("a directory or file on the command line is empty", { exitCode: EXIT.usage });
	const file = path.resolve(cwd, flags.config ?? CONFIG_NAME);
	const text = readIfThere(file, flags.config !== undefined);
	const source = new SourceFile(shown(cwd, file), text ?? "{}");
	const { values, diagnostics } = checkSettings(source);
	const sources = new Map([[source.path, source.text]]);
	if (diagnostics.length > 0) return { diagnostics, sources };
	const base = path.dirname(file);
	const targets = flags.target?.split(",").map((each) => each.trim());
	for (const each of targets ?? []) requireTarget(each);
	const settings: Settings = {
		wit: dirs.length === 0 ? (values.wit ?? ["wit"]).map((each) => path.resolve(base, each)) : dirs.map((each) => path.resolve(cwd, each)),
		out: flags.out === undefined ? path.resolve(base, values.out ?? "generated") : path.resolve(cwd, flags.out),
		targets: targets ?? values.targets ?? ["host-ts", "guest-ts"],
		emitters: (values.emitters ?? []).map((each) => path.resolve(base, each)),
		profile: values.profile ?? "general",
		...(text === undefined ? {} : { config: file }),
	};
	requireOutput(settings, cwd);
	return { diagnostics, sources, settings };
}

/** Output among the WIT would be input of the next run. */
function requireOutput({ out, wit }: Settings, cwd: string): void {
	const around = wit.find((each) => out === each || out.startsWith(each + path.sep));
	const reason = out === path.dirname(out) ? "is no directory of a project" : around && `is inside of the WIT in ${shown(cwd, around)}`;
	if (reason === undefined) return;
	throw new CodegenFailure(`cannot generate into ${shown(cwd, out)}, which ${reason}; name another directory with \`--out\` or \`out\``, {
		exitCode: EXIT.usage,
	});
}

/** Checks a configuration. `values` is to be used only without diagnostics. */
export function checkSettings(source: SourceFile): { readonly values: Values; readonly diagnostics: readonly Diagnostic[] } {
	const object = new JsonObject(source);
	const report = object.report.bind(object);
	const values: Values = {};
	for (const [key, value] of object.members) {
		const name = MEMBERS.find((each) => each === key.value);
		if (name === undefined) {
			const help = didYouMean(String(key.value), MEMBERS) ?? `it has ${MEMBERS.join(", ")}`;
			report(key, `\`${String(key.value)}\` is not a member of the configuration`, help);
		} else if (name === "wit" || name === "targets" || name === "emitters") {
			const list = texts(value);
			if (list === undefined || list.length === 0) report(value, `\`${name}\` must be a list of texts, with one at least`);
			else values[name] = list.map((each) => String(each.value));
			for (const each of name === "targets" ? (list ?? []) : [])
				if (!isTarget(String(each.value))) report(each, ...unknownTarget(String(each.value)));
		} else if (name === "out") {
			if (!isPath(value.value)) report(value, "`out` must be a directory");
			else values.out = value.value;
		} else if (name === "profile") {
			if (value.value === "general" || value.value === "spear") values.profile = value.value;
			else report(value, `there is no such profile`, `there are ${Object.keys(lintProfiles).join(" and ")}`);
		}
	}
	return { values, diagnostics: object.diagnostics };
}

function texts(node: jsonc.Node): readonly jsonc.Node[] | undefined {
	const items = node.type === "array" ? (node.children ?? []) : undefined;
	return items?.every((each) => isPath(each.value)) ? items : undefined;
}

/** No system has a path with U+0000. */
function isPath(value: unknown): value is string {
	return typeof value === "string" && value !== "" && !value.includes("\0");
}

function isTarget(name: string): boolean {
	return Object.hasOwn(GENERAL_TARGETS, name);
}

function unknownTarget(name: string): [message: string, help: string] {
	const names = Object.keys(GENERAL_TARGETS);
	return [`there is no target \`${name}\``, didYouMean(name, names) ?? `there are ${names.join(", ")}`];
}

function requireTarget(name: string): void {
	if (!isTarget(name)) throw new CodegenFailure(unknownTarget(name).join("; "), { exitCode: EXIT.usage });
}

function readIfThere(file: string, isNamed: boolean): string | undefined {
	try {
		// Some editors put a byte order mark.
		return readBounded(file, MAX_CONFIG_BYTES).replace(/^\uFEFF/, "");
	} catch (cause) {
		if (!isNamed && isErrno(cause, "ENOENT")) return undefined;
		throw new CodegenFailure(`cannot read the configuration ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
			cause,
			exitCode: EXIT.usage,
		});
	}
}
