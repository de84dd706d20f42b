" Vim syntax of hfshell scripts.
if exists("b:current_syntax")
  finish
endif

syntax case match
syntax iskeyword @,48-57,_

" What a line runs: behind a leading `-` and behind `NAME =`.
syntax match hfshMayFail /\v(^\s*)@<=-\ze\s*\h/
syntax match hfshBound /\v(^\s*(-\s*)?)@<=\h\w*\ze(\s+\=\s|\=)/
syntax match hfshCommand /\v(^\s*(-\s*)?(\h\w*(\s+\=\s|\=)\s*)?)@<=(load|new|models|use|unload|save|data|augment|show|finetune|eval|predict|chat|undo|session|help|history|alias|unalias|plugins|kernel|check)\ze(\s|$)/
syntax match hfshWord /\v(^\s*(-\s*)?(\h\w*(\s+\=\s|\=)\s*)?)@<=(param|let|set|require|source|expect|echo|exit)\ze(\s|$)/
syntax match hfshNamed /\v(^\s*(param|let)\s+)@<=\h\w*/

syntax match hfshOption /\v\s@<=--[a-z][a-z0-9-]*/
syntax match hfshNumber /\v\s@<=-?\d+(\.\d+)?([eE][-+]?\d+)?\%?\ze(\s|$)/
syntax match hfshOperator /\v\s@<=([=!]\=|\>\>|[<>]\=?|\~)\ze\s/
syntax match hfshReference /\v\$\{[^}]*\}|\$\h\w*(\.\h\w*)?/
syntax region hfshLiteral start=/'/ end=/'/
syntax region hfshText start=/"/ skip=/\\./ end=/"/ contains=hfshReference
syntax region hfshHeredoc matchgroup=hfshOperator start=/<<\z(\h\w*\)\s*$/ end=/^\z1$/ contains=hfshReference
syntax region hfshHeredoc matchgroup=hfshOperator start=/<<'\z(\h\w*\)'\s*$/ end=/^\z1$/
syntax match hfshComment /\v(^|\s)@<=#.*$/

highlight default link hfshMayFail Special
highlight default link hfshBound Identifier
highlight default link hfshNamed Identifier
highlight default link hfshCommand Statement
highlight default link hfshWord Keyword
highlight default link hfshOption Type
highlight default link hfshNumber Number
highlight default link hfshOperator Operator
highlight default link hfshReference PreProc
highlight default link hfshLiteral String
highlight default link hfshText String
highlight default link hfshHeredoc String
highlight default link hfshComment Comment

let b:current_syntax = "hfsh"
