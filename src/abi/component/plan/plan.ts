/**
 * The flat form of a component: what an instantiation does, step by step. Data only, so that a prepared agent holds it as JSON.
 *
 * A component is a program over index spaces: it aliases, instantiates and re-exports. The planner executes that program once without
 * running any code. What remains are the core modules, the order in which they are instantiated, and the functions between them and the host.
 */
export interface Plan {
	/** Interfaces that the component imports, with all functions and resources that it declares of each, in the order of the component. */
	readonly imports: readonly PlannedInterface[];
	/** Number of core modules that are instantiated. Steps refer to them by index. */
	readonly modules: number;
	/** Number of component instances: the component itself is 0, nested ones follow. Each has a table of handles of its own. */
	readonly instances: number;
	/** Resources that the component's own instances define. */
	readonly resources: readonly GuestResource[];
	/** Core instances in the order of their creation. */
	readonly steps: readonly Step[];
	/** Functions that the component model makes for core modules. Made on first use, because a lowering may refer to a later step. */
	readonly trampolines: readonly Trampoline[];
	/** Functions that the component exports, by name. A function of an exported interface has the name `interface#function`. */
	readonly exports: Readonly<Record<string, LiftedFunction>>;
	/** Types of the functions that component instances lift for others or for the host, by index. */
	readonly types: readonly PlannedType[];
}

/** An imported interface. */
export interface PlannedInterface {
	/** Name with version, e.g. `spear:ai/cchat@0.1.0`. Two imports may name two versions of one interface. */
	readonly name: string;
	/**
	 * Structural type key of each function, by WIT name: `log`, `[method]session.send`, `[static]session.open`. A function whose type the
	 * host cannot pass has a key such as `unsupported(stream)`, and no trampoline.
	 */
	readonly functions: Readonly<Record<string, string>>;
	/** Resources that the interface defines, by WIT name. */
	readonly resources: readonly string[];
}

/** A resource type that a component instance defines. */
export interface GuestResource {
	/** Number of the defining component instance. */
	readonly instance: number;
	/** Core function that the last drop calls with the representation. Absent: none. */
	readonly destructor?: CoreItem;
}

/** An item of the core index spaces: the export of a step, or a trampoline. */
export type CoreItem = { readonly step: number; readonly name: string } | { readonly trampoline: number };

/** Creation of a core instance. */
export interface Step {
	/** Index of the core module. */
	readonly module: number;
	/** Number of the component instance that the core instance belongs to. */
	readonly instance: number;
	/** Imports by module name: a whole earlier core instance, or single items. All that the module imports, and each module name once. */
	readonly imports: readonly (readonly [
		module: string,
		from: { readonly step: number } | { readonly items: readonly (readonly [name: string, item: CoreItem])[] },
	])[];
}

/** Options of a lift or lower. */
export interface CanonicalOptions {
	readonly memory?: CoreItem;
	readonly realloc?: CoreItem;
	/** Core function that frees the results of a lifted function. */
	readonly postReturn?: CoreItem;
}

/** A resource type: one of the host's, with its interface without version, or one of the component's own. */
export type ResourceRef = { readonly interface: string; readonly name: string } | { readonly guest: number };

export type Trampoline =
	/** A function of the host, for core code. */
	| {
			readonly kind: "lower-import";
			readonly instance: number;
			readonly interface: string;
			readonly function: string;
			readonly options: CanonicalOptions;
	  }
	/** A function of another component instance, for core code. Such a call cannot wait. */
	| { readonly kind: "lower-lifted"; readonly instance: number; readonly callee: LiftedFunction; readonly options: CanonicalOptions }
	| { readonly kind: "resource.new" | "resource.rep"; readonly instance: number; readonly resource: number }
	| { readonly kind: "resource.drop"; readonly instance: number; readonly resource: ResourceRef };

/** A core function as a function of the component model. */
export interface LiftedFunction {
	/** Number of the component instance that the function runs in. */
	readonly instance: number;
	readonly core: CoreItem;
	readonly options: CanonicalOptions;
	/** Structural type key. */
	readonly key: string;
	/** Index of the type in `types`. The planner writes one for each function. */
	readonly type?: number;
}

/** Type of a function that a component instance lifts. */
export interface PlannedType {
	readonly params: readonly { readonly name: string; readonly type: ValueType }[];
	readonly result?: ValueType;
}

/** A value type, written out. Depth and size are bounded by the planner. */
export type ValueType =
	| { readonly kind: "bool" | "s8" | "u8" | "s16" | "u16" | "s32" | "u32" | "s64" | "u64" | "f32" | "f64" | "char" | "string" }
	| { readonly kind: "record"; readonly fields: readonly { readonly name: string; readonly type: ValueType }[] }
	| { readonly kind: "variant"; readonly cases: readonly { readonly name: string; readonly type?: ValueType }[] }
	| { readonly kind: "tuple"; readonly items: readonly ValueType[] }
	| { readonly kind: "list"; readonly element: ValueType }
	| { readonly kind: "option"; readonly some: ValueType }
	| { readonly kind: "result"; readonly ok?: ValueType; readonly err?: ValueType }
	| { readonly kind: "enum" | "flags"; readonly names: readonly string[] }
	| { readonly kind: "own" | "borrow"; readonly resource: ResourceRef };
