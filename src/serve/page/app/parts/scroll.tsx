import type { ComponentChildren } from "preact";

/** A place that scrolls if its content is too wide or too long, with the keyboard too. */
export function Scroll({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll only what has the focus
		<section class="scroll" tabIndex={0} aria-label={label}>
			{children}
		</section>
	);
}
