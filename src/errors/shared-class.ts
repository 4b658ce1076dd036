/** The check of `instanceof` that a class has by default. */
const ordinaryHasInstance = Function.prototype[Symbol.hasInstance];

/**
 * Makes `instanceof` accept instances that another copy of this package created in the same process. Otherwise an error of a backend
 * kind that depends on its own copy would be unknown to the host. Subclasses keep the ordinary check unless they are shared too.
 *
 * Call in a static block of the class.
 *
 * @param name Identifies the class in all copies and versions of this package.
 */
export function shareAcrossCopies(shared: { readonly prototype: object }, name: string): void {
	const brand = Symbol.for(`spear-hostcall.${name}`);
	Object.defineProperty(shared.prototype, brand, { value: true });
	Object.defineProperty(shared, Symbol.hasInstance, {
		value(this: unknown, candidate: unknown): boolean {
			if (this !== shared) return ordinaryHasInstance.call(this, candidate);
			return typeof candidate === "object" && candidate !== null && brand in candidate;
		},
	});
}
