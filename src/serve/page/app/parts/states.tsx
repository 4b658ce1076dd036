import type { ComponentChildren } from "preact";
import { type Resource, useConnection, useConnectionState } from "../connection/hooks.ts";

/** A place without content, and the reason. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
	return (
		<div class="empty">
			<p class="empty-title">{title}</p>
			{children}
		</div>
	);
}

/** The place of content that is being loaded: lines of its shape, and a sentence for screen readers. */
export function Loading({ lines = 4 }: { readonly lines?: number }) {
	return (
		<div class="loading" aria-busy="true">
			<span class="hidden">Loading…</span>
			{Array.from({ length: lines }, (_, at) => (
				<span key={at} class="skeleton" aria-hidden="true" />
			))}
		</div>
	);
}

/** The answer of a resource once it is there; before, a place for it; a failure beside or in place of it. */
export function Loaded<T>({ resource, children }: { readonly resource: Resource<T>; readonly children: (data: T) => ComponentChildren }) {
	const { data, failure, reload } = resource;
	const isLive = useConnectionState(useConnection()).type === "live";
	// A lost connection is told once, above all views.
	const fault = failure === undefined || (failure.kind === "unreachable" && !isLive) ? undefined : failure;
	return (
		<>
			{fault !== undefined && (
				<div class="fault" role="alert">
					<p>
						<strong>The server did not answer as expected.</strong> {fault.message}
					</p>
					<button type="button" onClick={reload}>
						Try again
					</button>
				</div>
			)}
			{data !== undefined ? children(data) : fault === undefined ? <Loading /> : null}
		</>
	);
}
