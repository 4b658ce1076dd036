import type { CoreSignature, CoreSurface } from "../../binary/core-interface.ts";
import type { CoreItemSort } from "../../binary/sort.ts";
import type { ComponentDefinition, CoreModuleDefinition, Declaration } from "../binary/definition.ts";
import type { CanonicalOptions, CoreItem } from "./plan.ts";
import type { Scope } from "./scope.ts";
import type { FunctionNode, ResourceType, ValueNode } from "./type-node.ts";

/** An item that core instances export. */
export type CoreEntity = {
	[S in CoreItemSort]: { readonly sort: S; readonly item: CoreItem; readonly signature: CoreSignature };
}[CoreItemSort];

/** A core instance: one that the plan creates, or a collection of items. */
export type CoreInstanceItem =
	| { readonly sort: "core instance"; readonly step: number; readonly exports: ReadonlyMap<string, CoreSurface> }
	| { readonly sort: "core instance"; readonly step: undefined; readonly items: ReadonlyMap<string, CoreEntity> };

/** A function between core code of one instance and its callers. */
export interface LiftedItem {
	readonly instance: number;
	readonly core: CoreItem;
	readonly options: CanonicalOptions;
	readonly at: number;
}

/** Implementation of a function. Absent in type declarations that nothing implements. */
export type FunctionSource =
	| { readonly kind: "host"; readonly interface: string; readonly name: string }
	| { readonly kind: "lifted"; readonly lifted: LiftedItem }
	| undefined;

export interface FunctionItem {
	readonly sort: "function";
	readonly type: FunctionNode;
	readonly source: FunctionSource;
}

/** An instance type or component type, with the scope in which it was defined. */
export interface DeclaredType {
	readonly kind: "instance type" | "component type";
	readonly declarations: readonly Declaration[];
	readonly scope: ItemScope;
}

export type AnyType = ValueNode | FunctionNode | ResourceType | DeclaredType;

export interface TypeItem {
	readonly sort: "type";
	readonly type: AnyType;
}

export interface InstanceItem {
	readonly sort: "instance";
	readonly exports: ReadonlyMap<string, Item>;
}

/** A component with the scope in which it was defined. `definition` is absent in type declarations. */
export interface ComponentItem {
	readonly sort: "component";
	readonly definition: ComponentDefinition | undefined;
	readonly scope: ItemScope | undefined;
}

/** A core module. `definition` is absent in type declarations. */
export interface CoreModuleItem {
	readonly sort: "core module";
	readonly definition: CoreModuleDefinition | undefined;
}

export interface CoreTypeItem {
	readonly sort: "core type";
	readonly form: "function" | "module";
}

/** An item of an index space. */
export type Item = CoreEntity | CoreInstanceItem | FunctionItem | TypeItem | InstanceItem | ComponentItem | CoreModuleItem | CoreTypeItem;

/** The index spaces of a component, an instance type or a component type. */
export type ItemScope = Scope<Item>;
