/** `guest/<package>.d.ts`: ambient modules for guests written in TypeScript. */
import { type Abi, type AbiInterface, errorRecord } from "../../model/abi.ts";
import { importName, sorted } from "../../model/build-abi.ts";
import { moduleOf } from "../../model/carried/data-types.ts";
import type { Interface, RecordDef, TypeDef, TypeRef } from "../../model/model.ts";
import { NameScope } from "../../model/names/name-scope.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { moduleAlias, resourceClass, typeName } from "../../model/names/type-names.ts";
import { docComment, docText } from "../kit/doc-comment.ts";
import { guestDefinition, guestFunction } from "../kit/guest-types/definition.ts";
import { type GuestScope, guestType } from "../kit/guest-types/type-text.ts";
import { header, witSource } from "../kit/header.ts";
import { template } from "../kit/template.ts";
import { Directions } from "./directions.ts";
import { worldBody } from "./world-module.ts";

interface TypingsData {
	readonly header: string;
	readonly modules: readonly { readonly name: string; readonly doc: string; readonly body: string }[];
}

const typingsTemplate = template<TypingsData>(new URL("./typings.hbs", import.meta.url));

export function typings(abi: Abi): string {
	const directions = new Directions(abi.model);
	const error = errorRecord(abi);
	const interfaces = abi.interfaces.map((entry) => ({
		name: entry.importName,
		doc: docText(entry.interface),
		body: interfaceBody(entry, abi, directions, error),
	}));
	const worlds = abi.model.main.worlds.map((world) => {
		const module = new ModuleScope(abi, undefined);
		const body = worldBody(world, module);
		return { name: importName(world.package, world.name), doc: docText(world), body: (module.imports() + body).trimEnd() };
	});
	const sources = [...abi.model.main.interfaces, ...abi.model.main.worlds].map(witSource);
	return typingsTemplate({ header: header(sources), modules: [...interfaces, ...worlds] });
}

function interfaceBody({ interface: iface }: AbiInterface, abi: Abi, directions: Directions, error: RecordDef | undefined): string {
	const module = new ModuleScope(abi, iface);
	const types = iface.types.map((def) => guestDefinition(def, directions.of(def), module));
	const thrown = error !== undefined && iface.types.includes(error) ? [hostcallError(error, module)] : [];
	const functions = iface.functions.map((func) => guestFunction(func, module));
	return (module.imports() + [...types, ...thrown, ...functions].join("\n")).trimEnd();
}

/** The type to give a caught error once its `payload` is seen. */
function hostcallError(error: RecordDef, scope: ModuleScope): string {
	const doc = docComment(
		"The error that a failed hostcall throws. Only the typings name it: there is no such class, so look for `payload`.",
		1,
	);
	return `${doc}\texport interface ${scope.hostcallError} extends globalThis.Error {\n\t\treadonly payload: ${typeName(error)};\n\t}\n`;
}

/** Names within one ambient module, and the other modules they come from. */
class ModuleScope implements GuestScope {
	readonly names: NameScope;
	readonly #abi: Abi;
	readonly #own: Interface | undefined;
	/** Name of the interface → alias of its module. */
	readonly #used = new Map<string, string>();

	/** @param own the interface whose module it is; absent for a world's */
	constructor(abi: Abi, own: Interface | undefined) {
		this.#abi = abi;
		this.#own = own;
		this.names = new NameScope(own === undefined ? [] : [...own.types.map(typeName), ...own.functions.map(({ name }) => camelCase(name))]);
	}

	named(def: TypeDef): string {
		moduleOf(def, this.#abi.model);
		const { name } = def.owner;
		if (name === this.#own?.name) return typeName(def);
		const alias = this.#used.get(name) ?? this.names.take(moduleAlias(name));
		this.#used.set(name, alias);
		return `${alias}.${def.kind === "resource" ? resourceClass(def) : typeName(def)}`;
	}

	thrown(err: TypeRef): string {
		const error = errorRecord(this.#abi);
		if (err.kind !== "named" || err.def !== error) return `an object whose \`payload\` is \`${guestType(err, "received", this)}\``;
		return `{${this.named(error).replace(/\w+$/, this.hostcallError)}}`;
	}

	/** The type of what a failed hostcall throws, in the module of `types`. No type of that interface has its name. */
	get hostcallError(): string {
		const types = this.#abi.interfaces.find(({ interface: iface }) => iface.name === "types");
		return new NameScope(types?.interface.types.map(typeName)).take("HostcallError");
	}

	/** Import statements with a blank line behind them; empty when nothing else is referred to. */
	imports(): string {
		const lines = sorted(this.#used.keys()).map((module) => {
			const name = importName(this.#abi.model.main.id, module);
			return `\timport type * as ${this.#used.get(module)} from ${JSON.stringify(name)};\n`;
		});
		return lines.length === 0 ? "" : `${lines.join("")}\n`;
	}
}
