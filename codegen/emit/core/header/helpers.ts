/** Helpers of the header, for imports that are awkward in C: commands by name, and answers of unknown length. */
import type { CommandImport, CoreCommand, CoreImport, PlainImport } from "../../../model/core/core-abi.ts";
import { docText } from "../../kit/doc-comment.ts";
import { type CNames, cIdentifier } from "./c-names.ts";
import { CTypes } from "./c-types.ts";
import { cComment, cSignature } from "./layout.ts";

/** Commands without an answer in memory, which need no allocator. */
export function commandHelpers(each: CoreImport, names: CNames): string {
	if (each.kind === "plain") return "";
	return each.commands
		.filter(({ answer }) => answer.kind !== "json")
		.map((command) => commandHelper(each, command, names))
		.join("");
}

function commandHelper(each: CommandImport, { func, argument }: CoreCommand, names: CNames): string {
	const lower = names.lower(each.name);
	const command = names.upper(each.name, func.name);
	const params = argument === undefined ? ["int32_t fd"] : ["int32_t fd", "const char *json", "uint32_t json_length"];
	const doc = `${docText(func)}${argument === undefined ? "" : "\n\nThe argument is JSON."}`;
	const [length, place] = argument === undefined ? ["0", "NULL"] : ["json_length", "(void *)json"];
	return `${cComment(doc)}static inline ${cSignature(`int32_t ${lower}_${cIdentifier(func.name)}`, params)}
{
	uint32_t argument_length = ${length};
	return ${lower}(fd, ${command}, ${place}, &argument_length);
}

`;
}

/** Answers of unknown length, into a buffer that grows. */
export function growingHelpers(each: CoreImport, names: CNames): string {
	if (each.kind === "plain") return growingCall(each, names);
	return each.commands
		.filter(({ answer }) => answer.kind === "json")
		.map(({ func }) => {
			const lower = names.lower(each.name);
			const call = `${lower}(fd, ${names.upper(each.name, func.name)}, buffer->data, &buffer->length)`;
			return growing(`${lower}_${cIdentifier(func.name)}`, ["int32_t fd"], call, docText(func), names);
		})
		.join("");
}

function growingCall({ name, call }: PlainImport, names: CNames): string {
	const { params, answer, func } = call;
	if (answer.kind !== "bytes" && answer.kind !== "json") return "";
	const types = new CTypes(names);
	const others = types.params({ ...call, params: params.filter(({ kind }) => kind !== "out") });
	const args = params.flatMap((param) => {
		const own = cIdentifier(param.name);
		if (param.kind === "out") return ["buffer->data", "&buffer->length"];
		return param.kind === "number" ? [own] : [own, `${own}_length`];
	});
	return growing(`${names.lower(name)}_buffer`, others, `${names.lower(name)}(${args.join(", ")})`, docText(func), names);
}

/** The call is repeated until the answer fits: the next answer may be longer than the one that did not. */
function growing(name: string, params: readonly string[], call: string, doc: string, names: CNames): string {
	const signature = cSignature(`int32_t ${name}`, [...params, `${names.lower("buffer")} *buffer`]);
	return `${cComment(`${doc}\n\nThe answer goes into a buffer that grows. Returns its length.`)}static inline ${signature}
{
	int32_t result;
	do {
		buffer->length = buffer->capacity;
		result = ${call};
	} while (${names.lower("grow")}(buffer, &result));
	return result;
}

`;
}
