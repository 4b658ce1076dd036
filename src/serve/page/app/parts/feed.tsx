import type { FeedItem } from "../logic/feed.ts";
import { formatAgo, formatClock } from "../logic/format.ts";
import { DecisionLink } from "./link.tsx";
import { Empty } from "./states.tsx";

const SIGNS: Readonly<Record<FeedItem["tone"], string>> = { good: "✓", bad: "✕", notice: "◆" };

/** The latest failures and changes, the newest first. */
export function Feed({ items, now }: { readonly items: readonly FeedItem[]; readonly now: number }) {
	if (items.length === 0) return <Empty title="Nothing has failed or changed lately." />;
	return (
		<ol class="feed">
			{items.map(({ key, atMs, tone, title, detail, decisionId }) => (
				<li key={key} data-feed={tone}>
					<span class={`feed-sign ${tone}`} aria-hidden="true">
						{SIGNS[tone]}
					</span>
					<span class="feed-text">
						<strong>{title}</strong>
						{detail !== "" && <span class="muted clip"> {detail}</span>}
					</span>
					<span class="feed-time muted">
						<time title={formatClock(atMs)}>{formatAgo(now - atMs)}</time>
						{decisionId !== undefined && (
							<>
								{" · "}
								<DecisionLink id={decisionId} />
							</>
						)}
					</span>
				</li>
			))}
		</ol>
	);
}
