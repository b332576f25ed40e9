autocmd BufRead,BufNewFile *.pol setfiletype polc
