" Makes Vim know hfshell scripts: by their ending, or by their first line.
autocmd BufNewFile,BufRead *.hfsh setfiletype hfsh
autocmd BufRead * if !did_filetype() && getline(1) =~# '^#!.*\<hfshell\>' | setfiletype hfsh | endif
autocmd FileType hfsh setlocal commentstring=#\ %s makeprg=hfshell\ check\ --any-params\ %:S errorformat=%f:%l:%c\ \ %m,%-G%.%#
