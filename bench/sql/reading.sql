-- What a save writes of a post's text, as texts.
SELECT
    title, body, excerpt, words::text, tags::text, tag_slugs::text, array_to_string(tags, ', '), html, plain, outline::text,
    links::text, renderer, language, author_id::text
FROM posts
WHERE id = $1;
