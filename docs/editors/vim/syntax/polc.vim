" Vim syntax for polc's policies, made by scripts/editor-syntax from the grammar.
if exists('b:current_syntax') | finish | endif
syntax keyword polcDecision allow deny hidden kill log
syntax keyword polcStructure abstraction default deploy else expect import language let limit list on option overlay policy program target use variant when where
syntax keyword polcOperator and for in not or to
syntax keyword polcWord abstract accept any append arch arg bind blockdev capability chardev chdir chmod chown chroot connect create delete dgram dir errno exec fifo file fork group icmp inet ioctl ipc link listen lock map memory mkdir mknod mode modify mount namespace netlink os owner packet ptrace raw read receive rename request sctp self send seqpacket setgid setuid signal socket socketpair stat stream symlink syscall tcp thread time tree truncate type udp unix user utime watch write xattr
syntax match polcNumber /\<\(0x\x\+\|\d\+\)\>/
syntax match polcVariable /$\(\w\+\|{\w\+}\)/
syntax match polcAnnotation /@\w\+/
syntax region polcString start=/"/ skip=/\\./ end=/"/ oneline contains=polcVariable
syntax match polcComment /#.*/ contains=@Spell
highlight default link polcDecision Statement
highlight default link polcStructure Keyword
highlight default link polcOperator Operator
highlight default link polcWord Type
highlight default link polcNumber Number
highlight default link polcVariable Identifier
highlight default link polcAnnotation PreProc
highlight default link polcString String
highlight default link polcComment Comment
let b:current_syntax = 'polc'
