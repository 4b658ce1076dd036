/** Constructor of `DOMException`, which both engines have. The library of types for guests lacks it. */
export const DomException = (globalThis as unknown as { readonly DOMException: new (message?: string, name?: string) => Error })
	.DOMException;
