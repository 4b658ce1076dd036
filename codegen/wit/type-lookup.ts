/** Looking up a type by its name, as far as types without a name need it. */
import type { AliasDef, TypeDef } from "../model/model.ts";
import type { Context } from "./context.ts";
import type { Name } from "./syntax.ts";
import type { TypeScope } from "./units.ts";

/** The place that names a type. */
export interface TypeUser {
	readonly types: TypeScope;
	/** False for an item that a feature gate hides. Such an item may refer to other hidden ones. */
	readonly active: boolean;
}

export interface TypeLookup {
	readonly context: Context;
	/** Aliases written as `own<…>`: a name for a handle, unlike `type a = some-resource`, which renames the resource. */
	readonly ownAliases: ReadonlySet<AliasDef>;
	/** The type a name stands for. Reports an unknown name and returns undefined. */
	find(user: TypeUser, name: Name): TypeDef | undefined;
}
