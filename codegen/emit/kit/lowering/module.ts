/** A file of the generated lowering: its imports and declarations, each made when something first asks for it. */

import { type DataDef, UnsupportedType } from "../../../model/carried/data-types.ts";
import type { ResourceDef } from "../../../model/model.ts";
import { NameScope } from "../../../model/names/name-scope.ts";
import { constantCase, pascalCase } from "../../../model/names/spelling.ts";
import { moduleAlias, typeName } from "../../../model/names/type-names.ts";
import type { Unit } from "../../../model/units/unit.ts";
import { resourceKey } from "../../../model/units/world-units.ts";
import { docComment } from "../doc-comment.ts";
import { Imports } from "../imports.ts";
import { LINE_WIDTH, visualWidth } from "../layout.ts";
import { definitionKey, interfaceOf } from "./key.ts";
import type { PlainDef } from "./layout.ts";
import { ModuleNames } from "./names.ts";

interface Declaration {
	readonly name: string;
	readonly doc: string;
	readonly text: string;
	exported: boolean;
}

/** A declaration before it has a name. */
export interface Written {
	/** Text of the doc comment. Absent: none. */
	readonly doc?: string;
	/** Code without `export`, which is added where another file uses the declaration. */
	readonly text: string;
}

type Section = "resources" | "keys" | "tables" | "functions";

/** Names of the shared runtime that a file may import. */
export type RuntimeType = "CallContext" | "ExportLifting" | "HostSlot" | "InterfaceLifting" | "InterfaceLowering" | "Result";
export type RuntimeValue =
	| "ResourceType"
	| "bitsOfF32"
	| "bitsOfF64"
	| "codePointOf"
	| "f32OfBits"
	| "f64OfBits"
	| "hostResource"
	| "indexOfCase"
	| "unknownCase";

/** Places of one folder of generated lowering. */
export interface Places {
	readonly units: readonly Unit[];
	/** The unit of a type, where another refers to it. Undefined if none has it. */
	owner(def: DataDef | ResourceDef, from: Unit): Unit | undefined;
	/**
	 * The form in which the host's functions take and give values.
	 *
	 * - `tagged`: a result is a tagged value, a handle is of type `unknown`, and the WIT says which functions wait.
	 * - `official`: as in the official mapping to JavaScript. The error of a result is thrown, handles have types, and each function may be asynchronous.
	 */
	readonly mapping: "tagged" | "official";
	/** The runtime, as the files import it. */
	readonly runtime: string;
	/** Folder of the types in WIT shape, as the files import it, with a final `/`. */
	readonly shapes: string;
}

/** The files of one folder. */
export class Folder {
	readonly places: Places;
	readonly modules: readonly LoweringModule[];
	readonly #byUnit = new Map<Unit, LoweringModule>();

	constructor(places: Places) {
		this.places = places;
		const names = new ModuleNames();
		this.modules = places.units.map((unit) => {
			const module = new LoweringModule(this, unit.file, names.take(moduleAlias(unit.file)), unit);
			this.#byUnit.set(unit, module);
			return module;
		});
	}

	/** The file of a type, where a unit refers to it. */
	owner(def: DataDef | ResourceDef, from: Unit): LoweringModule {
		const unit = this.places.owner(def, from);
		const module = unit && this.#byUnit.get(unit);
		if (module !== undefined) return module;
		throw new UnsupportedType(
			`${def.kind} \`${def.name}\` of ${def.owner.kind} \`${interfaceOf(def)}\` cannot cross to a component: no lowering is generated for its interface`,
			def.span,
		);
	}
}

export class LoweringModule {
	readonly folder: Folder;
	/** Name of the file, without `.ts`. */
	readonly file: string;
	/** Name under which other files import this one, and of the lowering of its interface. */
	readonly alias: string;
	readonly imports = new Imports();
	readonly unit: Unit;
	readonly #names: NameScope;
	readonly #declared = new Map<string, Declaration>();
	readonly #sections: { readonly [section in Section]: Declaration[] } = {
		resources: [],
		keys: [],
		tables: [],
		functions: [],
	};

	constructor(folder: Folder, file: string, alias: string, unit: Unit) {
		this.folder = folder;
		this.file = file;
		this.alias = alias;
		this.unit = unit;
		this.#names = new NameScope([alias]);
	}

	/** Names under which this file may import others. */
	get otherAliases(): string[] {
		return this.folder.modules.flatMap((module) => (module === this ? [] : [module.alias]));
	}

	runtimeType(name: RuntimeType): string {
		return this.imports.type(name, this.folder.places.runtime);
	}

	runtimeValue(name: RuntimeValue): string {
		return this.imports.value(name, this.folder.places.runtime);
	}

	/** The file that holds a type. */
	owner(def: DataDef | ResourceDef): LoweringModule {
		return this.folder.owner(def, this.unit);
	}

	/** A type in WIT shape: `wit.Request` for a type of the interface itself, `witTypes.Usage` for any other. */
	shape(def: DataDef): string {
		return this.#shape(def);
	}

	/** The type of the objects that handles stand for. */
	object(def: ResourceDef): string {
		return this.folder.places.mapping === "official" ? this.#shape(def) : "unknown";
	}

	#shape(def: DataDef | ResourceDef): string {
		const owner = this.owner(def);
		const { file } = owner.unit;
		const alias = owner === this ? "wit" : `wit${pascalCase(file)}`;
		return `${this.imports.typeNamespace(alias, `${this.folder.places.shapes}${file}.ts`)}.${typeName(def)}`;
	}

	/** Name of a declaration of this file, written on the first request. Declarations that the text needs come before it. */
	declare(id: string, section: Section, wanted: string, write: (name: string) => Written): string {
		return this.#declaration(id, section, wanted, write).name;
	}

	/** A declaration in the file of the interface that declares `def`, as this file refers to it. */
	declareAt(
		def: DataDef | ResourceDef,
		id: string,
		section: Section,
		wanted: string,
		write: (owner: LoweringModule, name: string) => Written,
	): string {
		const owner = this.owner(def);
		const declaration = owner.#declaration(`${id} ${def.name}`, section, wanted, (name) => write(owner, name));
		if (owner === this) return declaration.name;
		declaration.exported = true;
		return `${this.imports.valueNamespace(owner.alias, `./${owner.file}.ts`)}.${declaration.name}`;
	}

	/** The constant that holds the key of a named type. */
	key(def: PlainDef): string {
		return this.declareAt(def, "key", "keys", `${constantName(def)}_KEY`, (owner, name) => ({
			text: `${assignment(`const ${name} =`, templateLiteral(definitionKey(def, (inner) => `\${${owner.key(inner)}}`, owner.resourceKey)))}\n`,
		}));
	}

	/** The text of a resource inside keys. */
	readonly resourceKey = (def: ResourceDef): string => resourceKey(def, this.owner(def).unit);

	/** True if the guest implements a resource. */
	isOfGuest(def: ResourceDef): boolean {
		return this.owner(def).unit.isExported;
	}

	/** The constant that stands for a resource type. */
	resource(def: ResourceDef): string {
		return this.declareAt(def, "resource", "resources", constantName(def), (owner, name) => {
			const { id, isExported } = owner.unit;
			const make = isExported ? `new ${owner.runtimeValue("ResourceType")}` : owner.runtimeValue("hostResource");
			const object = owner.object(def);
			const type = object === "unknown" ? "" : `<${object}>`;
			return { text: `export const ${name} = ${make}${type}(${JSON.stringify(id)}, ${JSON.stringify(def.name)});\n` };
		});
	}

	/** True if nothing was declared. */
	get isEmpty(): boolean {
		return this.#declared.size === 0;
	}

	/** The declarations, constants first. */
	toString(): string {
		const print = ({ doc, text, exported }: Declaration): string => {
			const isExported = exported && !text.startsWith("export ");
			return `${docComment(doc)}${isExported ? "export " : ""}${text}`;
		};
		const { resources, keys, tables, functions } = this.#sections;
		const constants = [resources, keys, tables].map((section) => section.map(print).join(""));
		return [...constants, ...functions.map(print)].filter((part) => part !== "").join("\n");
	}

	#declaration(id: string, section: Section, wanted: string, write: (name: string) => Written): Declaration {
		const known = this.#declared.get(id);
		if (known !== undefined) return known;
		const name = this.#names.take(wanted);
		const { doc = "", text } = write(name);
		const declaration = { name, doc, text, exported: false };
		this.#declared.set(id, declaration);
		this.#sections[section].push(declaration);
		return declaration;
	}
}

/** An assignment of a string. The formatter breaks a long line before a string in quotes, but not before a template. */
function assignment(head: string, text: string): string {
	const line = `${head} ${text};`;
	return visualWidth(line) > LINE_WIDTH && text.startsWith('"') ? `${head}\n\t${text};` : line;
}

export function constantName({ name }: { readonly name: string }): string {
	return constantCase(name);
}

/** A string that may hold `${…}`, in quotes where it holds none. */
export function templateLiteral(text: string): string {
	return text.includes("${") ? `\`${text}\`` : JSON.stringify(text);
}
