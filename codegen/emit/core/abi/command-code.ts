/** The binding of an import that several functions share: its member `bind` as lines. */
import type { CommandImport, CoreCommand } from "../../../model/core/core-abi.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import { commandParams } from "../type-text.ts";
import { type BindingScope, errnoName } from "./binding-scope.ts";

const PLACE = "argumentPointer, argumentLengthPointer";
/** Names that the code of a command uses by itself. */
const LOCALS = ["fd", "command", "argumentPointer", "argumentLengthPointer", "argumentLength", "text", "capacity", "answer", "cause"];

/** Lines at the depth of the members of an import. */
export function commandLines(each: CommandImport, scope: BindingScope): string[] {
	const site = JSON.stringify(`${each.module}.${each.name}`);
	const first = [`const argumentLength = context.argumentLength(${PLACE});`, "if (argumentLength < 0) return argumentLength;"];
	const cases = each.commands.flatMap((command) => caseLines(command, each.argumentFirst, scope));
	return [
		"bind(context, calls) {",
		"\treturn (fd: number, command: number, argumentPointer: number, argumentLengthPointer: number) => {",
		`\t\tcontext.enter(${site});`,
		...(each.argumentFirst ? first.map((line) => `\t\t${line}`) : []),
		"\t\ttry {",
		"\t\t\tswitch (command) {",
		...[...cases, "default:", `\treturn ${errnoName(scope, "einval")};`].map((line) => `\t\t\t\t${line}`),
		"\t\t\t}",
		"\t\t} catch (cause) {",
		`\t\t\treturn context.failed(cause, ${site});`,
		"\t\t}",
		"\t};",
		"},",
	];
}

function caseLines(command: CoreCommand, argumentFirst: boolean, scope: BindingScope): string[] {
	const { func, number, argument, answer } = command;
	const method = `${scope.host}.${camelCase(func.name)}`;
	const head = `case ${number}:`;
	if (argument !== undefined) {
		const text = argumentFirst ? "context.text(argumentPointer, argumentLength)" : `context.argument(${PLACE})`;
		const value = scope.imports.scope.inner(LOCALS).take(commandParams(command, scope.types)[1]?.name ?? "argument");
		const read = scope.json.read(argument.type, `${scope.imports.value("parseJson", "./runtime.ts")}(text)`);
		// No bytes are no JSON, and their pointer means nothing.
		const absent = argumentFirst ? [`\tif (argumentLength === 0) return ${errnoName(scope, command.invalid)};`] : [];
		return [
			`${head} {`,
			...absent,
			`\tconst text = ${text};`,
			'\tif (typeof text === "number") return text;',
			`\tif (!context.takeJson(text)) return ${errnoName(scope, "enomem")};`,
			`\tconst ${value} = ${read};`,
			`\treturn ${value} === undefined ? ${errnoName(scope, command.invalid)} : ${method}(fd, ${value});`,
			"}",
		];
	}
	if (answer.kind !== "json") return [head, `\treturn ${method}(fd);`];
	return [
		`${head} {`,
		`\tconst capacity = context.capacity(${PLACE});`,
		"\tif (capacity < 0) return capacity;",
		`\tconst answer = ${method}(fd);`,
		'\tif (typeof answer === "number") return answer;',
		`\treturn context.putJson(${PLACE}, capacity, ${scope.json.write(answer.type, "answer")});`,
		"}",
	];
}
