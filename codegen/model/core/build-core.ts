/** Reads the hostcalls of core modules out of a package. What an emitter cannot print is reported at its place. */
import { hasTag, isBlocking, tagValue } from "../abi.ts";
import type { Report } from "../build-abi.ts";
import type { EnumDef, FlagsDef, Func, Interface, Member, Model, Param, TypeRef } from "../model.ts";
import type {
	CommandImport,
	CoreAbi,
	CoreAnswer,
	CoreCall,
	CoreCommand,
	CoreImport,
	CoreInterface,
	CoreParam,
	Numbered,
} from "./core-abi.ts";
import {
	innerRecord,
	isBytes,
	isOutBuffer,
	isText,
	jsonRecord,
	jsonType,
	letterOf,
	numberType,
	packedRecord,
	plainType,
	recordOf,
} from "./core-types.ts";

/** Errors of the bindings themselves: a failure of the host, a lack of room, a bad pointer, a bad argument, an answer that does not fit. */
const REQUIRED_ERRNOS = ["eio", "enomem", "efault", "einval", "enospc"];

/** Returns undefined if the package has no errors to answer with. Otherwise the result is to be used only if nothing was reported. */
export function buildCore(model: Model, report: Report): CoreAbi | undefined {
	const errno = model.main.interfaces.flatMap(({ types }) => types).find((def) => def.kind === "enum" && def.name === "errno");
	if (errno?.kind !== "enum") {
		const [first] = model.main.interfaces;
		if (first !== undefined)
			report({
				code: "missing-errno",
				message: "the package has no enum `errno`",
				span: first.span,
				help: "declare it in one of the interfaces: the errors of the calls, each with its `@number`",
			});
		return undefined;
	}
	const missing = REQUIRED_ERRNOS.filter((name) => !errno.cases.some((each) => each.name === name));
	if (missing.length > 0)
		report({
			code: "missing-errno",
			message: `enum \`errno\` has no ${missing.map((name) => `\`${name}\``).join(", ")}`,
			span: errno.span,
			help: "add the case: bindings answer with it",
		});
	const builder = new CoreBuilder(errno, report);
	const interfaces = model.main.interfaces.filter((iface) => iface.functions.length > 0).map((iface) => builder.interface(iface));
	return { model, errno, errnos: numbersOf(errno), interfaces };
}

/** The cases or flags with their numbers. One without a number is left out. */
export function numbersOf(def: EnumDef | FlagsDef): Numbered[] {
	return membersOf(def).flatMap((member) => {
		const value = tagValue(member, "number");
		return value === undefined ? [] : [{ ...member, number: Number(value) }];
	});
}

export function membersOf(def: EnumDef | FlagsDef): readonly Member[] {
	return def.kind === "enum" ? def.cases : def.flags;
}

class CoreBuilder {
	readonly #errno: EnumDef;
	readonly #report: Report;
	/** Interface and first function of each import that was built, by name: guests in C call it by the name alone. */
	readonly #known = new Map<string, { readonly iface: Interface; readonly func: Func }>();

	constructor(errno: EnumDef, report: Report) {
		this.#errno = errno;
		this.#report = report;
	}

	interface(iface: Interface): CoreInterface {
		const module = tagValue(iface, "core-module");
		if (module === undefined)
			this.#report({
				code: "missing-core-module",
				message: `interface \`${iface.name}\` does not say which module guests import its functions from`,
				span: iface.span,
				help: "tag it with `@core-module <name>`",
			});
		const groups = new Map<string, Func[]>();
		for (const func of iface.functions) {
			const name = tagValue(func, "core-import");
			if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), func]);
			else
				this.#report({
					code: "missing-core-import",
					message: `function \`${iface.name}.${func.name}\` does not say under which name guests import it`,
					span: func.span,
					help: "tag it with `@core-import <name>`",
				});
		}
		const imports = [...groups].flatMap(([name, functions]) => this.#import(iface, module ?? "", name, functions) ?? []);
		return { interface: iface, module: module ?? "", imports };
	}

	#import(iface: Interface, module: string, name: string, functions: readonly Func[]): CoreImport | undefined {
		const [first] = functions;
		if (first === undefined) return undefined;
		const known = this.#known.get(name);
		if (known !== undefined) return this.#taken(name, iface, first, known);
		this.#known.set(name, { iface, func: first });
		const plain = functions.find((func) => !hasTag(func, "command"));
		if (plain === undefined) return this.#commands(iface, module, name, functions);
		const other = functions.find((func) => func !== plain);
		if (other !== undefined) return this.#taken(name, iface, other, { iface, func: plain });
		const call = this.#call(iface, plain);
		if (call === undefined) return undefined;
		return { kind: "plain", module, name, signature: signatureOf(call), waits: isBlocking(plain), call };
	}

	#taken(name: string, iface: Interface, func: Func, other: { readonly iface: Interface; readonly func: Func }): undefined {
		this.#report({
			code: "repeated-core-import",
			message: `function \`${iface.name}.${func.name}\` is imported as \`${name}\`, and so is \`${other.iface.name}.${other.func.name}\``,
			span: func.span,
			help: "give it another name; functions of one interface share an import if each is a `@command`",
		});
		return undefined;
	}

	#commands(iface: Interface, module: string, name: string, functions: readonly Func[]): CommandImport {
		const seen = new Map<number, Func>();
		for (const func of functions) {
			const number = Number(tagValue(func, "command"));
			const other = seen.get(number);
			if (other !== undefined)
				this.#report({
					code: "repeated-command",
					message: `functions \`${iface.name}.${other.name}\` and \`${iface.name}.${func.name}\` are both command ${number} of \`${name}\``,
					span: func.span,
					help: "give each command a number of its own",
				});
			seen.set(number, func);
		}
		return {
			kind: "commands",
			module,
			name,
			signature: "iiii>i",
			waits: false,
			argumentFirst: hasTag(iface, "argument-first"),
			commands: functions.flatMap((func) => this.#command(iface, func) ?? []),
		};
	}

	#command(iface: Interface, func: Func): CoreCommand | undefined {
		const [fd, argument, ...more] = func.params;
		const fault = (what: string, help: string): undefined => {
			this.#report({ code: "command-signature", message: `command \`${iface.name}.${func.name}\` ${what}`, span: func.span, help });
		};
		if (isBlocking(func)) return fault("is `@blocking`", "a command answers at once: make a function that waits an import of its own");
		if (fd === undefined || letterOf(numberType(fd.type) ?? { name: "u8" }) !== "i")
			return fault("has no descriptor as its first parameter", "begin the parameters with a number of 32 bits");
		if (more.length > 0) return fault("has more than one argument", "gather the arguments in a record");
		const type = argument === undefined ? undefined : this.#jsonType(iface, func, argument.type);
		if (argument !== undefined && type === undefined) return undefined;
		const answer = this.#answer(iface, func, false);
		if (answer === undefined) return undefined;
		if (answer.kind !== "status" && answer.kind !== "number" && answer.kind !== "json")
			return fault("returns what a command cannot", "return `result<_, errno>`, a number, a record or an object of JSON");
		if (argument !== undefined && answer.kind === "json")
			return fault("takes an argument and returns JSON", "both have the same place in the guest's memory: make two commands of it");
		return {
			func,
			number: Number(tagValue(func, "command")),
			invalid: tagValue(func, "invalid") ?? "einval",
			answer,
			...(argument === undefined || type === undefined ? {} : { argument: { name: argument.name, type } }),
		};
	}

	#call(iface: Interface, func: Func): CoreCall | undefined {
		if (func.async) return this.#misfit(func, `function \`${iface.name}.${func.name}\` is \`async\``, "tag it `@blocking` instead");
		const params = func.params.map((param) => this.#param(iface, func, param));
		const outs = params.filter((param) => param?.kind === "out").length;
		const answer = this.#answer(iface, func, outs > 0);
		if (answer === undefined || params.includes(undefined)) return undefined;
		const needsPlace = ["bytes", "packed", "packed-list", "json"].includes(answer.kind);
		const what = `function \`${iface.name}.${func.name}\``;
		if (needsPlace && outs !== 1)
			return this.#misfit(
				func,
				`${what} returns what needs one place in the guest's memory, and has ${outs}`,
				"give it one parameter of the type tagged `@out-buffer`",
			);
		if (!needsPlace && outs > 0)
			return this.#misfit(
				func,
				`${what} has a place for an answer, and returns nothing to put there`,
				"return `result<list<u8>, errno>`, a record tagged `@packed`, a list of it, or a record as JSON",
			);
		return { func, params: params.filter((param) => param !== undefined), answer, takes: hasTag(func, "takes") };
	}

	#param(iface: Interface, func: Func, { name, type }: Param): CoreParam | undefined {
		const maxBytes = tagValue(func, "max-bytes");
		const bound = maxBytes === undefined ? {} : { maxBytes: Number(maxBytes) };
		if (isOutBuffer(type)) return { kind: "out", name };
		if (isText(type)) return { kind: "text", name, ...bound };
		if (isBytes(type)) return { kind: "bytes", name, ...bound };
		const number = numberType(type);
		if (number !== undefined && letterOf(number) !== undefined) return { kind: "number", name, type: number };
		return this.#uncarried(iface, func, type, `parameter \`${name}\` of`, "a number of 32 or 64 bits, an enum, flags, text or bytes");
	}

	#answer(iface: Interface, func: Func, hasPlace: boolean): CoreAnswer | undefined {
		const { result } = func;
		if (result === undefined) return { kind: "nothing" };
		if (result.kind !== "result") {
			const value = numberType(result);
			if (value !== undefined && letterOf(value) !== undefined) return { kind: "value", type: value };
			return this.#uncarried(iface, func, result, "the result of", "a number of 32 or 64 bits, or a `result`");
		}
		if (result.err === undefined || !this.#isErrno(result.err))
			return this.#misfit(
				func,
				`function \`${iface.name}.${func.name}\` fails with something else than \`errno\``,
				"return `result<…, errno>`: a call of a core module has no other way to fail",
			);
		const { ok } = result;
		if (ok === undefined) return { kind: "status" };
		const number = numberType(ok);
		if (number !== undefined) {
			if (letterOf(number) === "i") return { kind: "number" };
			return this.#uncarried(iface, func, ok, "the answer of", "a number of 32 bits, because it shares the result with the errors");
		}
		if (isBytes(ok)) return { kind: "bytes" };
		const list = plainType(ok);
		const element = list?.kind === "list" ? recordOf(list.element) : undefined;
		const def = element ?? recordOf(ok);
		if (def !== undefined && hasPlace && hasTag(def, "packed")) {
			const record = packedRecord(def);
			if (!("fault" in record)) return { kind: element === undefined ? "packed" : "packed-list", record };
			// Reported at the record.
			return undefined;
		}
		const type = this.#jsonType(iface, func, ok);
		if (type === undefined) return undefined;
		if (type.kind === "record" || type.kind === "object") return { kind: "json", type };
		return this.#uncarried(iface, func, ok, "the answer of", "a number, bytes, a record, a list of a packed record, or an object of JSON");
	}

	#jsonType(iface: Interface, func: Func, type: TypeRef): ReturnType<typeof jsonType> {
		const found = jsonType(type);
		if (found !== undefined) return found;
		const record = innerRecord(type);
		// The rule on records reports a member that JSON cannot hold.
		if (record !== undefined && !hasTag(record, "packed") && "fault" in jsonRecord(record)) return undefined;
		return this.#uncarried(iface, func, type, "a value of", "a record or a JSON text");
	}

	#isErrno(type: TypeRef): boolean {
		const plain = plainType(type);
		return plain?.kind === "named" && plain.def === this.#errno;
	}

	#uncarried(iface: Interface, func: Func, { span }: TypeRef, what: string, carried: string): undefined {
		this.#report({
			code: "core-type",
			message: `${what} \`${iface.name}.${func.name}\` has a type that does not cross to core modules`,
			span,
			help: `use ${carried}`,
		});
		return undefined;
	}

	#misfit({ span }: Func, message: string, help: string): undefined {
		this.#report({ code: "core-signature", message, span, help });
		return undefined;
	}
}

function signatureOf({ params, answer }: CoreCall): string {
	const letters = params.map((param) => (param.kind === "number" ? letterOf(param.type) : "ii"));
	const result = answer.kind === "nothing" ? "" : answer.kind === "value" ? letterOf(answer.type) : "i";
	return `${letters.join("")}>${result}`;
}
