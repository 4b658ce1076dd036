/** `guest/<package>.d.ts`: ambient modules for guests written in TypeScript. */
import { type Abi, type AbiInterface, errorRecord } from "../../model/abi.ts";
import { importName, sorted } from "../../model/build-abi.ts";
import { moduleAlias, moduleOf } from "../../model/carried/data-types.ts";
import type { RecordDef, TypeDef, TypeRef } from "../../model/model.ts";
import { pascalCase } from "../../model/names/spelling.ts";
import { docComment, docText } from "../kit/doc-comment.ts";
import { header, witSource } from "../kit/header.ts";
import { template } from "../kit/template.ts";
import { guestDefinition, guestFunction } from "./definition.ts";
import { Directions } from "./directions.ts";
import { type GuestScope, guestType } from "./type-text.ts";
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
	const module = new ModuleScope(abi, iface.name);
	const types = iface.types.map((def) => guestDefinition(def, directions.of(def), module));
	const thrown = error !== undefined && iface.types.includes(error) ? [hostcallError(error)] : [];
	const functions = iface.functions.map((func) => guestFunction(func, module));
	return (module.imports() + [...types, ...thrown, ...functions].join("\n")).trimEnd();
}

/** The type to give a caught error once its `payload` is seen. */
function hostcallError(error: RecordDef): string {
	const doc = docComment(
		"The error that a failed hostcall throws. Only the typings name it: there is no such class, so look for `payload`.",
		1,
	);
	return `${doc}\texport interface HostcallError extends globalThis.Error {\n\t\treadonly payload: ${pascalCase(error.name)};\n\t}\n`;
}

/** Names within one ambient module, and the other modules they come from. */
class ModuleScope implements GuestScope {
	readonly #abi: Abi;
	readonly #own: string | undefined;
	readonly #used = new Set<string>();

	/** @param own the interface whose module it is; absent for a world's */
	constructor(abi: Abi, own: string | undefined) {
		this.#abi = abi;
		this.#own = own;
	}

	named(def: TypeDef): string {
		const module = moduleOf(def, this.#abi.model);
		if (module === this.#own) return pascalCase(def.name);
		this.#used.add(module);
		return `${moduleAlias(module)}.${pascalCase(def.name)}`;
	}

	thrown(err: TypeRef): string {
		const error = errorRecord(this.#abi);
		if (err.kind !== "named" || err.def !== error) return `an object whose \`payload\` is \`${guestType(err, "received", this)}\``;
		return `{${this.named(error).replace(/\w+$/, "HostcallError")}}`;
	}

	/** Import statements with a blank line behind them; empty when nothing else is referred to. */
	imports(): string {
		const lines = sorted(this.#used).map((module) => {
			const name = importName(this.#abi.model.main.id, module);
			return `\timport type * as ${moduleAlias(module)} from ${JSON.stringify(name)};\n`;
		});
		return lines.length === 0 ? "" : `${lines.join("")}\n`;
	}
}
