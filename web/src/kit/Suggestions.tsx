import classes from './Suggestions.module.css'

/** Texts to take with one tap, under the field that they fill; nothing without texts. */
export function Suggestions({ label, texts, pick }: { label: string; texts: string[]; pick: (text: string) => void }) {
  if (texts.length === 0) return null
  return (
    <div className={classes.list} role="group" aria-label={label}>
      {texts.map((text) => (
        <button key={text} type="button" className="ms-focus" onClick={() => pick(text)}>
          {text}
        </button>
      ))}
    </div>
  )
}
