/** The section of the page about one import. */
import type {
	CommandImport,
	CoreAnswer,
	CoreCall,
	CoreImport,
	CoreParam,
	JsonType,
	NumberName,
	PlainImport,
} from "../../../model/core/core-abi.ts";
import { snakeCase } from "../../../model/names/spelling.ts";
import { markdownTable } from "../../kit/markdown-table.ts";

const CORE_TYPES: Readonly<Record<string, string>> = { i: "i32", I: "i64", f: "f32", F: "f64" };

export function importSection(each: CoreImport): string {
	return `### \`${each.name}\`\n\n${each.kind === "plain" ? plainText(each) : commandText(each)}`;
}

function plainText(each: PlainImport): string {
	const { call } = each;
	const names = call.params.flatMap(coreNames);
	const params = markdownTable(
		["Parameter", "Meaning"],
		call.params.map((param) => [
			coreNames(param)
				.map((name) => `\`${name}\``)
				.join(", "),
			paramText(param, call),
		]),
	);
	const facts = [`Returns ${answerText(call.answer)}.`, ...(each.waits ? ["Waits."] : []), ...takesText(call), errorText(each)];
	return [wat(each, names), `${call.func.docs.text}\n`, params, `${facts.filter((fact) => fact !== "").join(" ")}\n`]
		.filter((part) => part !== "")
		.join("\n");
}

function commandText(each: CommandImport): string {
	const rows = each.commands.map(({ func, number, argument, answer, invalid }) => [
		String(number),
		`\`${func.name}\``,
		argument === undefined ? "" : `${jsonText(argument.type)}${invalid === "einval" ? "" : `; \`${invalid}\` if it is not valid`}`,
		answer.kind === "status" ? "" : answerText(answer),
		func.docs.text,
	]);
	const first = each.argumentFirst
		? "The argument's place is read and checked for each command, also for one that takes no argument. A length of 2^31 or more counts as none.\n"
		: "";
	return [
		wat(each, ["fd", "command", "argument", "argument_length"]),
		markdownTable(["Command", "Name", "Argument", "Answer", "Meaning"], rows),
		first,
		"Returns the length of the answer, or 0. Errors: `efault`, `einval`, `enomem` and `enospc`, and those of the command.\n",
	]
		.filter((part) => part !== "")
		.join("\n");
}

/** The import in the text format of WebAssembly. */
function wat({ module, name, signature }: CoreImport, names: readonly string[]): string {
	const [params = "", result = ""] = signature.split(">");
	const list = [...params].map((letter, index) => ` (param $${names[index]} ${CORE_TYPES[letter]})`).join("");
	const answer = [...result].map((letter) => ` (result ${CORE_TYPES[letter]})`).join("");
	return `\`\`\`wat\n(import "${module}" "${name}" (func${list}${answer}))\n\`\`\`\n`;
}

function coreNames(param: CoreParam): string[] {
	const name = snakeCase(param.name);
	return param.kind === "number" ? [name] : [name, `${name}_length`];
}

function paramText(param: CoreParam, { func, answer }: CoreCall): string {
	if (param.kind === "out") return `place of the answer: ${writtenText(answer)}`;
	if (param.kind !== "number") return `${param.kind}${param.maxBytes === undefined ? "" : `, at most ${param.maxBytes} bytes`}`;
	const type = func.params.find(({ name }) => name === param.name)?.type;
	return type?.kind === "named" ? `\`${type.def.name}\`` : `\`${param.type.name}\``;
}

function answerText(answer: CoreAnswer): string {
	switch (answer.kind) {
		case "nothing":
			return "nothing";
		case "value":
			return `a number (\`${answer.type.name}\`)`;
		case "status":
			return "0";
		case "number":
			return "a number";
		case "packed-list":
			return "the number of records";
		case "json":
			return jsonText(answer.type);
		default:
			return "the length of the answer";
	}
}

function writtenText(answer: CoreAnswer): string {
	if (answer.kind === "json") return jsonText(answer.type);
	if (answer.kind === "packed") return `one \`${answer.record.def.name}\`, ${answer.record.size} bytes`;
	if (answer.kind === "packed-list") return `a \`${answer.record.def.name}\` after the other, ${answer.record.size} bytes each`;
	return "bytes";
}

function takesText({ takes }: CoreCall): string[] {
	return takes ? ["The answer leaves its queue after it was written, and stays there otherwise."] : [];
}

/** Errors of the binding. The text of the function names its own. */
function errorText({ call }: PlainImport): string {
	const { params, answer } = call;
	if (answer.kind === "nothing" || answer.kind === "value") return "Cannot fail.";
	const takesBytes = params.filter((param) => param.kind === "text" || param.kind === "bytes");
	const errors = [
		...(takesBytes.some((param) => "maxBytes" in param && param.maxBytes !== undefined) ? ["einval"] : []),
		...(params.some(({ kind }) => kind !== "number") ? ["efault"] : []),
		...(takesBytes.length > 0 ? ["enomem"] : []),
		...(params.some(({ kind }) => kind === "out") ? ["enospc"] : []),
	];
	return errors.length === 0 ? "" : `Errors of the call itself: ${errors.map((name) => `\`${name}\``).join(", ")}.`;
}

const NUMBER_TEXTS: { readonly [name in NumberName]?: string } = { f32: "number", f64: "number" };

/** A value of JSON in words; a record is described below. */
export function jsonText(type: JsonType): string {
	switch (type.kind) {
		case "any":
			return "any JSON";
		case "object":
			return "an object";
		case "text":
			return "text";
		case "bool":
			return "`true` or `false`";
		case "number":
			return NUMBER_TEXTS[type.name] ?? `whole number (\`${type.name}\`)`;
		case "list":
			return `list of ${jsonText(type.element)}`;
		case "record":
			return `\`${type.record.def.name}\``;
	}
}
