/** Types as one ambient module refers to them. */
import { sorted } from "../../model/build-abi.ts";
import type { TypeDef, TypeRef } from "../../model/model.ts";
import { typeName } from "../../model/names/type-names.ts";
import { fullName, ROOT, type Unit, unitAlias } from "../../model/units/unit.ts";
import type { WorldUnits } from "../../model/units/world-units.ts";
import { type GuestEngine, type GuestScope, guestType } from "../kit/guest-types/type-text.ts";

export class UnitScope implements GuestScope {
	readonly allowsAsync = true;
	readonly engine: GuestEngine;
	readonly #from: Unit;
	readonly #units: WorldUnits;
	readonly #used: Set<Unit>;

	/** @param used receives the units that the module imports */
	constructor(from: Unit, units: WorldUnits, engine: GuestEngine, used = new Set<Unit>()) {
		this.engine = engine;
		this.#from = from;
		this.#units = units;
		this.#used = used;
	}

	/** A type of the unit itself by its name, others as members of an imported module. The world's module holds types of exported interfaces. */
	named(def: TypeDef): string {
		const owner = this.#units.ownerOf(def, this.#from) ?? this.#from;
		if (owner === this.#from) return typeName(def);
		if (owner.id === ROOT && this.#from.isExported) return typeName(def);
		if (!owner.isExported) this.#used.add(owner);
		return `${unitAlias(owner)}.${typeName(def)}`;
	}

	thrown(err: TypeRef): string {
		const inDocs: GuestScope = { named: typeName, thrown: () => "", allowsAsync: true, engine: this.engine };
		return `an object whose \`payload\` is \`${guestType(err, "received", inDocs)}\``;
	}

	/** Import statements with a blank line behind them; empty when nothing else is referred to. */
	imports(): string {
		const lines = sorted(
			[...this.#used].map((unit) => `\timport type * as ${unitAlias(unit)} from ${JSON.stringify(this.#module(unit))};\n`),
		);
		return lines.length === 0 ? "" : `${lines.join("")}\n`;
	}

	#module(unit: Unit): string {
		return unit.id === ROOT ? worldModule(this.#units) : fullName(unit);
	}
}

/** Name of the ambient module with the types of a world itself, and of its exports. */
export function worldModule({ world }: WorldUnits): string {
	const { namespace, name, version } = world.package;
	return `${namespace}:${name}/${world.name}${version === undefined ? "" : `@${version}`}`;
}
