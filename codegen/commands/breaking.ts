/** `spear-codegen breaking --against <state> [dir]`: changes since an earlier state, and who breaks. */
import * as path from "node:path";
import type { Command } from "commander";
import type { Finding } from "../breaking/finding.ts";
import { readSurfaceAt } from "../breaking/read-against.ts";
import { breakDiagnostics, type Verdict, verdictOf } from "../breaking/verdict.ts";
import { counted } from "../diagnostics/words.ts";
import { CodegenFailure } from "../failure.ts";
import { throwIfInterrupted } from "../interruption.ts";
import type { Model, Span } from "../model/model.ts";
import { COMPONENTS, CORE_HOSTCALLS, type Comparison, describesCoreHostcalls } from "./comparison.ts";
import { type Context, type Done, EXIT, printJson } from "./context.ts";
import { type FormatFlags, formatOption, printFindings } from "./findings.ts";
import { type PackageReading, readPackage } from "./read-package.ts";

interface Flags extends FormatFlags {
	readonly against: string;
}

export function breakingCommand(program: Command, context: Context, done: Done): Command {
	return program
		.command("breaking")
		.description("compare a WIT package with an earlier state of itself: what breaks, for whom, and which version allows it")
		.argument("[dir]", "directory of the WIT package", "wit")
		.requiredOption("--against <state>", "a directory of WIT, a lock (`abi.lock.json`), or a commit of the repository, such as `main`")
		.addOption(formatOption())
		.action(async (dir: string, flags: Flags) => done(await breaking(context, dir, flags)));
}

export async function breaking(context: Context, dir: string, flags: Flags): Promise<number> {
	const { against, format } = flags;
	if (against === "") throw new CodegenFailure("--against is empty", { exitCode: EXIT.usage });
	const witDir = path.resolve(context.cwd, dir);
	const reading = await readPackage(witDir, context.cwd);
	const { model } = reading;
	if (model === undefined) {
		printFindings(context, format, reading.diagnostics, reading.sources);
		return EXIT.findings;
	}
	const wit = { ...reading, model, witDir };
	return describesCoreHostcalls(model) ? compare(context, flags, wit, CORE_HOSTCALLS) : compare(context, flags, wit, COMPONENTS);
}

type SoundPackage = PackageReading & { readonly model: Model; readonly witDir: string };

async function compare<S extends { readonly id: string }>(
	context: Context,
	{ against, format }: Flags,
	{ model, sources, place, witDir }: SoundPackage,
	comparison: Comparison<S>,
): Promise<number> {
	const { surface: after, diagnostics } = comparison.ofModel(model);
	if (after === undefined) {
		printFindings(context, format, diagnostics.map(place), sources);
		return EXIT.findings;
	}
	const { signal } = context;
	const asPath = path.resolve(context.cwd, against);
	const options = signal === undefined ? {} : { signal };
	const before = await readSurfaceAt((await exists(asPath)) ? asPath : against, witDir, comparison, options);
	await throwIfInterrupted(signal);
	const findings = comparison.compare(before, after);
	const verdict = verdictOf(before, after, findings);
	const wayOut = verdict.required === undefined ? undefined : `raise the version to \`${verdict.required}\``;
	const breaks = breakDiagnostics(findings, () => startOf(model.main.interfaces[0]?.span ?? model.main.worlds[0]?.span), wayOut).map(place);
	if (format === "json") printJson(context, { ...verdict, findings: findings.map(withoutSpan), diagnostics: breaks });
	else printFindings(context, format, breaks, sources);
	if (format === "text") context.stderr(`${sentence(verdict, findings)}\n`);
	return verdict.bump === "major" && !verdict.isSufficient ? EXIT.findings : EXIT.clean;
}

async function exists(place: string): Promise<boolean> {
	const { statOf } = await import("../write/disk.ts");
	return statOf(place) !== undefined;
}

function withoutSpan({ span: _span, ...finding }: Finding): object {
	return finding;
}

/** An item that is gone has no place in the WIT of today. */
function startOf(span: Span | undefined): Span {
	return { file: span?.file ?? "", line: 1, column: 1, offset: 0, endLine: 1, endColumn: 1, endOffset: 0 };
}

function sentence({ bump, required, isSufficient }: Verdict, findings: readonly Finding[]): string {
	const breaks = findings.filter((finding) => finding.bump === "major").length;
	if (findings.length === 0) return "nothing has changed";
	const what = breaks === 0 ? `${counted(findings.length, "change")}, none breaks anybody` : `${counted(breaks, "breaking change")}`;
	if (bump === "patch" || required === undefined) return what;
	return `${what}; ${isSufficient ? `version ${required} allows that` : `the version must be at least ${required}`}`;
}
