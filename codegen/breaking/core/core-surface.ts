/**
 * The surface of the hostcalls of core modules: all that guests rely on, as items with facts in plain text. Documentation and `@unstable` items
 * are left out.
 *
 * | item | facts |
 * | --- | --- |
 * | `import spear.log` | `function`, `signature`, `waits`, `parameters`, `limit`, `answer`, `queue` |
 * | `import spear.mic_ctl` | `signature`, `waits`, `argument-place` |
 * | `command spear.mic_ctl set-param` | `number`, `argument`, `invalid`, `answer` |
 * | `number poll.events.epollin` | `number` |
 * | `packed poll.ready` | `layout`, `members` |
 * | `record mic.config` | `used` |
 * | `member mic.config.channels` | `type`, `presence`, `absence` |
 */

import { hasTag } from "../../model/abi.ts";
import { numbersOf } from "../../model/core/build-core.ts";
import type {
	CommandImport,
	CoreAbi,
	CoreAnswer,
	CoreCommand,
	CoreImport,
	CoreParam,
	JsonRecord,
	JsonType,
	PlainImport,
} from "../../model/core/core-abi.ts";
import { jsonRecord, packedRecord } from "../../model/core/core-types.ts";
import type { Func, Gates, RecordDef, Span, TypeDef } from "../../model/model.ts";
import { packageText } from "../surface-of-model.ts";

export const CORE_ITEMS = ["import", "command", "number", "packed", "record", "member"] as const;
export type CoreItemKind = (typeof CORE_ITEMS)[number];

export interface CoreItem {
	/** With its kind, e.g. `import spear.log`. */
	readonly key: string;
	readonly kind: CoreItemKind;
	readonly facts: ReadonlyMap<string, string>;
	/** Absent if the surface was read from a lock. */
	readonly span?: Span;
}

export interface CoreSurface {
	/** `spear:core@0.1.0` */
	readonly id: string;
	readonly items: ReadonlyMap<string, CoreItem>;
}

export function coreSurfaceOf(abi: CoreAbi): CoreSurface {
	const builder = new CoreSurfaceBuilder();
	const { main } = abi.model;
	for (const { interface: iface, imports } of abi.interfaces)
		if (isStable(iface)) for (const each of imports) builder.addImport(each, iface.name);
	for (const def of main.interfaces.filter(isStable).flatMap(({ types }) => types)) if (isStable(def)) builder.addType(def);
	return { id: packageText(main.id), items: builder.items };
}

class CoreSurfaceBuilder {
	readonly items = new Map<string, CoreItem>();
	/** Directions in which guests meet each record of JSON. */
	readonly #used = new Map<RecordDef, Set<"argument" | "result">>();

	addImport(each: CoreImport, iface: string): void {
		const facts = { signature: each.signature, waits: yesNo(each.waits) };
		const key = `${each.module}.${each.name}`;
		if (each.kind === "plain") this.#addPlain(each, key, iface, facts);
		else this.#addCommands(each, key, facts);
	}

	#addPlain({ call }: PlainImport, key: string, iface: string, facts: Facts): void {
		const { func, params, answer, takes } = call;
		if (!isStable(func)) return;
		const limits = params.flatMap((param) => ("maxBytes" in param && param.maxBytes !== undefined ? [param.maxBytes] : []));
		this.#add("import", key, func.span, {
			...facts,
			function: `${iface}.${func.name}`,
			parameters: params.map(paramText).join(", ") || "nothing",
			...(limits[0] === undefined ? {} : { limit: String(limits[0]) }),
			answer: this.#answer(answer),
			queue: yesNo(takes),
		});
	}

	#addCommands({ commands, argumentFirst }: CommandImport, key: string, facts: Facts): void {
		const stable = commands.filter(({ func }) => isStable(func));
		const [first] = stable;
		if (first === undefined) return;
		this.#add("import", key, first.func.span, { ...facts, "argument-place": argumentFirst ? "always" : "if needed" });
		for (const command of stable) this.#addCommand(command, key);
	}

	#addCommand({ func, number, argument, invalid, answer }: CoreCommand, key: string): void {
		if (argument !== undefined) this.#use(argument.type, "argument");
		this.#add("command", `${key} ${func.name}`, func.span, {
			number: String(number),
			argument: argument === undefined ? "nothing" : jsonText(argument.type),
			...(argument === undefined ? {} : { invalid }),
			answer: this.#answer(answer),
		});
	}

	/** Functions come before types, so that the directions of a record are known. */
	addType(def: TypeDef): void {
		const key = keyOf(def);
		if (def.kind === "enum" || def.kind === "flags")
			for (const { name, number, span } of numbersOf(def)) this.#add("number", `${key}.${name}`, span, { number: String(number) });
		if (def.kind !== "record") return;
		const packed = packedRecord(def);
		if (hasTag(def, "packed") && !("fault" in packed)) {
			const { members } = packed;
			const layout = members.map(({ type }) => type).join(" ");
			this.#add("packed", key, def.span, { layout, members: members.map(({ name }) => name).join(" ") });
			return;
		}
		const json = jsonRecord(def);
		if ("record" in json) this.#addRecord(json.record);
	}

	#addRecord({ def, members }: JsonRecord): void {
		const key = keyOf(def);
		this.#add("record", key, def.span, { used: [...(this.#used.get(def) ?? [])].sort().join(" and ") || "nowhere" });
		for (const [index, { name, type, isOptional, isNullable }] of members.entries()) {
			this.#add("member", `${key}.${name}`, def.fields[index]?.span ?? def.span, {
				type: jsonText(type),
				presence: isOptional ? "optional" : "required",
				...(isOptional ? { absence: isNullable ? "`null`" : "left out" } : {}),
			});
		}
	}

	#answer(answer: CoreAnswer): string {
		switch (answer.kind) {
			case "value":
				return answer.type.name;
			case "packed":
				return `packed record ${keyOf(answer.record.def)}`;
			case "packed-list":
				return `list of packed record ${keyOf(answer.record.def)}`;
			case "json":
				this.#use(answer.type, "result");
				return jsonText(answer.type);
			default:
				return answer.kind;
		}
	}

	#use(type: JsonType, direction: "argument" | "result"): void {
		if (type.kind === "list") this.#use(type.element, direction);
		if (type.kind !== "record") return;
		const { def, members } = type.record;
		this.#used.set(def, (this.#used.get(def) ?? new Set()).add(direction));
		for (const member of members) this.#use(member.type, direction);
	}

	#add(kind: CoreItemKind, name: string, span: Span, facts: Facts): void {
		const key = `${kind} ${name}`;
		this.items.set(key, { key, kind, span, facts: new Map(Object.entries(facts)) });
	}
}

type Facts = Readonly<Record<string, string>>;

function isStable({ gates }: { readonly gates: Gates } | Func): boolean {
	return gates.unstable === undefined;
}

function keyOf({ owner, name }: TypeDef): string {
	return `${owner.name}.${name}`;
}

function yesNo(is: boolean): string {
	return is ? "yes" : "no";
}

function paramText(param: CoreParam): string {
	if (param.kind === "number") return param.type.name;
	return param.kind === "out" ? "a place" : param.kind;
}

function jsonText(type: JsonType): string {
	switch (type.kind) {
		case "number":
			return type.name;
		case "list":
			return `list of ${jsonText(type.element)}`;
		case "record":
			return `record ${keyOf(type.record.def)}`;
		default:
			return type.kind;
	}
}
