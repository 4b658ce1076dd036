import { placeHash } from "../logic/route.ts";

/** A link to the explanation of a decision. */
export function DecisionLink({ id, label = "explain" }: { readonly id: string; readonly label?: string }) {
	return (
		<a href={placeHash({ view: "decisions", id })} title={id}>
			{label}
			<span class="hidden"> decision {id}</span>
		</a>
	);
}
